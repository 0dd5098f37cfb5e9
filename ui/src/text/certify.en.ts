// What is said about certifications, in English.

import type { certifyZh } from "./certify.zh-TW";

export const certifyEn: typeof certifyZh = {
  actIn: {
    advanced: {
      submit: {
        label: "Send for review",
        title: "Send for review",
        body: "Once sent the papers cannot be changed, unless the formal check returns them.",
        confirm: "Send for review",
      },
      pass: {
        label: "Pass (to the choice of reviewers)",
        title: "Formal check: pass",
        body: "The sheet of the formal check goes along. Reviewers are chosen next.",
        confirm: "Pass",
      },
      return: {
        label: "Return (to be corrected)",
        title: "Formal check: return",
        body: "The sheet of the formal check goes along. The teacher is told, sees the sheet and the reason, and can correct and send again.",
        confirm: "Return",
      },
    },
  },
  actAt: {
    appeal_fix: {
      resubmit: {
        label: "Send again for the appeal",
        title: "Send again for the appeal",
        body: "Once sent the papers cannot be changed. Reviewers of the appeal are chosen next.",
        confirm: "Send again",
      },
    },
  },
  deedIn: {
    advanced: { submitted: "Sent for review", passed: "Passed the formal check", returned: "Returned by the formal check" },
  },
  outcome: {
    passed: "Passed",
    passed_after_correction: "Passed after correction",
    correct_and_review: "Second review after correction",
    failed: "Failed",
  },
  zone: "Certifications",
  name: "Advanced certification",
  apply: "Apply",
  line: {
    identity: "status",
    tenured_years: "years as a tenured teacher",
    teaching_years: "years of teaching",
    entry_cert: "certificate",
    training_hours: "hours of training",
    training_year: "year of training",
  },
  unfit: {
    own_case: "own case",
    same_school: "same school",
    observed_peer: "the observed peer",
    earlier_round: "reviewed an earlier round",
    not_a_reviewer: "no reviewer",
  },
  unfitOf: (name, why) => `${name} (${why})`,
};
