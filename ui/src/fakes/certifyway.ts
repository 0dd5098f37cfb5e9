// The stand-ins' way of a certification: its states, who acts in them, and where each act leads. No rules worth the name; never
// built in.

import type { Action, Outcome, Round, State } from "../gen/types";

/** The states of 進階專業回饋人才認證 in the platform's words. */
export const STATES = {
  preparing: "準備資料",
  form_review: "形式審查",
  first_assign: "初審分發委員",
  first_review: "初審",
  first_decide: "初審判定",
  first_fix: "初審修正資料",
  second_assign: "複審分發委員",
  second_review: "複審",
  second_decide: "複審判定",
  first_failed: "初審未通過",
  second_failed: "複審未通過",
  appeal_intake: "申復審查",
  appeal_fix: "申復修正資料",
  appeal_assign: "申復分發委員",
  appeal_review: "申復審查",
  appeal_decide: "申復判定",
  passed: "通過",
  cert_ready: "通過可產證",
  cert_issued: "已發證",
  failed: "不合格",
} satisfies Partial<Record<State, string>>;
export type At = keyof typeof STATES;

export const word = (zh: string, en: string) => ({ zh, en });
export const SLOTS: [string, ReturnType<typeof word>, string[]][] = [
  ["slot_open_class", word("實施證明", "Proof of an open lesson"), ["open_class_proof"]],
  ["slot_plc", word("社群參與證明", "Proof of taking part in a PLC"), ["plc_participation_proof"]],
  ["slot_pre", word("觀察前會談紀錄表", "Talk before the lesson"), ["pre_conference_a", "pre_conference_b"]],
  [
    "slot_obs",
    word("觀察紀錄表", "Record of the observation"),
    [
      "obs_std105",
      "obs_std101",
      "obs_anecdotal",
      "obs_verbal_flow",
      "obs_at_task",
      "obs_movement",
      "obs_flanders",
      "obs_verbatim",
    ],
  ],
  ["slot_post", word("觀察後回饋會談紀錄表", "Talk after the lesson"), ["post_conference_a", "post_conference_b"]],
  ["slot_check", word("認證檢核表", "Checklist"), ["adv_checklist"]],
];
export const STAMPED = ["open_class_proof", "plc_participation_proof", "adv_checklist"];
export const CORRECTED = ["slot_pre", "slot_obs", "slot_post"];
export const FIRST_PICKS: Record<string, string[]> = {
  slot_open_class: ["open_class_proof"],
  slot_plc: ["plc_participation_proof"],
  slot_check: ["adv_checklist"],
};
export const FULL_PICKS: Record<string, string[]> = {
  ...FIRST_PICKS,
  slot_pre: ["pre_conference_a"],
  slot_obs: ["obs_anecdotal"],
  slot_post: ["post_conference_a"],
};

/** Which slots the teacher can fill in. */
export const OPEN: Partial<Record<At, string[]>> = {
  preparing: SLOTS.map(([key]) => key),
  first_fix: CORRECTED,
  appeal_fix: CORRECTED,
};
export const APPEALING: Partial<Record<At, true>> = { first_failed: true, second_failed: true };
/** The sheet to write, and by whom. */
export const TO_WRITE: Partial<Record<At, [string, string]>> = {
  form_review: ["county-lienchiang", "adv_form_review"],
  first_review: ["reviewer-a", "adv_review"],
  second_review: ["reviewer-a", "adv_review"],
  appeal_review: ["reviewer-a", "adv_review"],
};
/** Who acts, and where each act leads. */
export const ACTS: Partial<Record<At, [string, [Action, At][]]>> = {
  preparing: ["teacher-c", [["submit", "form_review"]]],
  form_review: [
    "county-lienchiang",
    [
      ["pass", "first_assign"],
      ["return", "preparing"],
    ],
  ],
  first_assign: ["county-lienchiang", [["assign", "first_review"]]],
  first_review: ["reviewer-a", [["review", "first_decide"]]],
  first_decide: [
    "county-lienchiang",
    [
      ["grant", "passed"],
      ["grant_corrected", "passed"],
      ["ask_correction", "first_fix"],
      ["deny", "first_failed"],
    ],
  ],
  first_fix: ["teacher-c", [["resubmit", "second_assign"]]],
  first_failed: ["teacher-c", [["appeal", "appeal_intake"]]],
  second_assign: ["county-lienchiang", [["assign", "second_review"]]],
  second_review: ["reviewer-a", [["review", "second_decide"]]],
  second_decide: [
    "county-lienchiang",
    [
      ["grant", "passed"],
      ["deny", "second_failed"],
    ],
  ],
  second_failed: ["teacher-c", [["appeal", "appeal_intake"]]],
  appeal_intake: [
    "county-lienchiang",
    [
      ["accept_appeal", "appeal_fix"],
      ["refuse_appeal", "failed"],
    ],
  ],
  appeal_fix: ["teacher-c", [["resubmit", "appeal_assign"]]],
  appeal_assign: ["county-lienchiang", [["assign", "appeal_review"]]],
  appeal_review: ["reviewer-a", [["review", "appeal_decide"]]],
  appeal_decide: [
    "county-lienchiang",
    [
      ["grant", "passed"],
      ["deny", "failed"],
    ],
  ],
  passed: ["platform", [["publish", "cert_ready"]]],
  cert_ready: ["ministry", [["issue", "cert_issued"]]],
};
export const REASONED: Partial<Record<Action, Outcome | "told">> = {
  return: "told",
  ask_correction: "correct_and_review",
  deny: "failed",
  refuse_appeal: "told",
};
export const OUTCOMES: Partial<Record<Action, Outcome>> = {
  grant: "passed",
  grant_corrected: "passed_after_correction",
  ask_correction: "correct_and_review",
  deny: "failed",
};
export const LABELS: Record<Outcome, string> = {
  passed: "通過",
  passed_after_correction: "修正後通過",
  correct_and_review: "修正後複審",
  failed: "未通過",
};
export const ROUNDS: Record<Round, [string, Outcome]> = {
  first: ["初審", "correct_and_review"],
  second: ["複審", "failed"],
  appeal: ["申復", "passed"],
};
/** The rounds of which there are sheets in a state. */
export const ONE: Round[] = ["first"];
export const TWO: Round[] = ["first", "second"];
export const ALL: Round[] = ["first", "second", "appeal"];
export const REVIEWED: Partial<Record<At, Round[]>> = {
  first_decide: ONE,
  first_fix: ONE,
  first_failed: ONE,
  second_assign: ONE,
  second_review: ONE,
  second_decide: TWO,
  second_failed: TWO,
  appeal_intake: TWO,
  appeal_fix: TWO,
  appeal_assign: TWO,
  appeal_review: TWO,
  appeal_decide: ALL,
  failed: ALL,
  passed: ONE,
  cert_ready: ONE,
  cert_issued: ONE,
};
/** The way of a case that goes through every round, and that of one that passes at once. */
export const PLAIN: At[] = [
  "preparing",
  "form_review",
  "first_assign",
  "first_review",
  "first_decide",
  "passed",
  "cert_ready",
  "cert_issued",
];
export const SECOND: At[] = [...PLAIN.slice(0, 5), "first_fix", "second_assign", "second_review", "second_decide"];
export const APPEAL: At[] = [
  ...SECOND,
  "second_failed",
  "appeal_intake",
  "appeal_fix",
  "appeal_assign",
  "appeal_review",
  "appeal_decide",
  "failed",
];
export const FIRST_APPEAL: At[] = [...PLAIN.slice(0, 5), "first_failed", "appeal_intake"];
/** What the first round ended with where the state tells. */
const PASSED = { first: "passed" } as const;
export const LED_BY: Partial<Record<At, Partial<Record<Round, Outcome>>>> = {
  first_failed: { first: "failed" },
  passed: PASSED,
  cert_ready: PASSED,
  cert_issued: PASSED,
};
