// Stand-ins for 個人資料, 資格檢核 and 資料匯入: the teachers of the slides, no rules worth the name.

import type { Rpc } from "../gen/rpc";
import type {
  Asked,
  Eligibility,
  HeldCertificate,
  Missing,
  Profile,
  RecordImported,
  RecordView,
  TrainingLine,
} from "../gen/types";

type Refuse = (code: string, params?: Record<string, unknown>) => Promise<never>;
type World = { wish: () => URLSearchParams; online: () => boolean; teaches: () => boolean; refuse: Refuse };

const certificate = (
  kind: HeldCertificate["kind"],
  plan_year: number,
  number: string,
  issued_on: string | null,
  waits = false,
): HeldCertificate => ({
  id: `certificate-${number}`,
  kind,
  plan_year,
  number,
  issued_on,
  source: waits ? "old_system" : "entered",
  waits,
});

const training = (day: string, plan_year: number, course: string, code: string, hours: number): TrainingLine => ({
  training: { course, code, kind: "advanced", hours, day, source: "全國教師在職進修資訊網" },
  plan_year,
});

const line = (met: boolean, asked: Asked) => ({ met, asked });

/** 資格檢核 as the screens need it: enough of it to draw. */
function judge(profile: Profile, held: HeldCertificate[], trainings: TrainingLine[]): Eligibility {
  const years = profile.tenured_since === null ? 0 : 2022 - Number(profile.tenured_since.slice(0, 4));
  const hours = trainings.reduce((sum, one) => sum + one.training.hours, 0);
  const number = held.find((one) => one.kind === "entry")?.number ?? null;
  return {
    plan_year: 111,
    lines: [
      line(profile.serving === true, { type: "identity", serving: profile.serving }),
      line(years >= 3, { type: "tenured_years", since: profile.tenured_since, years, needed: 3 }),
      line(profile.teaching_years >= 3, { type: "teaching_years", years: profile.teaching_years, needed: 3 }),
      line(number !== null, {
        type: "entry_cert",
        kinds: ["entry"],
        number,
        instead: { kind: "entry", from: "2017-01-01", hours: 0, needed: 6 },
      }),
      line(hours >= 18, {
        type: "training_hours",
        kind: "advanced",
        periods: [
          { from: "2019-07-01", to: null, hours, needed: 18, with_earlier: true },
          { from: "2018-07-01", to: "2019-06-30", hours: 0, needed: 15, with_earlier: false },
        ],
      }),
      line(hours > 0, {
        type: "training_year",
        from: "2021-08-01",
        to: "2023-07-31",
        plan_years: 2,
        within: hours,
        outside: hours > 0 ? 0 : 12,
      }),
    ],
  };
}

/** The commands of the record, begun anew by `begin`. */
export function recordRpc({ wish, online, teaches, refuse }: World) {
  let profile: Profile;
  let certificates: HeldCertificate[];
  let trainings: TrainingLine[];
  let answered = false;
  let waiting = false;

  /** As the address asks: `record=none` fulfils nothing, `record=transfer` has certificates that wait, `record=new` was never asked. */
  function begin() {
    const kind = wish().get("record");
    answered = kind !== "transfer" && kind !== "new";
    waiting = false;
    const bare = kind === "none" || kind === "new";
    profile = bare
      ? { serving: null, tenured_since: null, teaching_years: 0 }
      : { serving: true, tenured_since: "2012-08", teaching_years: 9 };
    certificates =
      kind === "transfer"
        ? [certificate("advanced", 96, "96", null, true), certificate("entry", 95, "A104000811", "2006-10-23", true)]
        : bare
          ? []
          : [certificate("entry", 108, "連江證號第A108000123號", "2020-02-06")];
    if ((wish().get("cert") ?? "") in { cert_issued: 1 }) {
      const issued = certificate("advanced", 111, "連江證號第B111000013號", "2022-03-30");
      certificates = [{ ...issued, source: "issued" }, ...certificates];
    }
    trainings = bare
      ? []
      : [
          training("2021-11-09", 110, "2-4 專業回饋實務探討", "3301245", 6),
          training("2021-08-22", 110, "進階專業回饋人才培訓（第一階段）", "3301001", 6),
          training("2021-08-21", 110, "進階專業回饋人才培訓（第一階段）", "3301001", 6),
        ];
  }

  /** Whether an application can begin: `?applied` has one of this year. */
  function opening(kind: HeldCertificate["kind"], { lines }: Eligibility) {
    const unmet = lines.filter((one) => !one.met).map((one) => one.asked.type);
    const missing: Missing[] = [
      ...(wish().has("applied") || wish().has("cert") ? [{ code: "already_applied" as const }] : []),
      ...(unmet.length > 0 ? [{ code: "not_eligible" as const, params: { lines: unmet } }] : []),
    ];
    if (kind !== "advanced") return { can_open: false, open_missing: [] };
    return { can_open: missing.length === 0, open_missing: missing };
  }

  function view(): RecordView {
    const has_record = teaches();
    const known = !wish().has("unheard");
    const [transfer, held] = [certificates.filter((one) => one.waits), certificates.filter((one) => !one.waits)];
    const eligibility = judge(profile, held, trainings);
    const kinds = ["entry", "advanced", "mentor"] as const;
    return {
      has_record,
      profile,
      waiting,
      refused: null,
      trainings,
      certificates: held,
      question: !known || !has_record || answered ? null : transfer.length > 0 ? "certificates" : "no_data",
      transfer,
      certificate_papers: held
        .filter((one) => one.source === "issued")
        .map((one) => ({ certificate: one.id, papers: ["certificate" as const, "training" as const] })),
      certifications: has_record
        ? kinds.map((kind) => ({
            kind,
            eligibility: kind === "advanced" ? eligibility : null,
            eligible: kind === "advanced" && eligibility.lines.every((one) => one.met),
            ...opening(kind, eligibility),
          }))
        : [],
      known,
    };
  }

  const none: RecordImported = { rows: 0, new: 0, changed: 0, unchanged: 0, faulty: 0, faults: [], done: false };
  const fault = (line: number, column: string, code: RecordImported["faults"][number]["code"], value: string) => ({
    line,
    column,
    code,
    value,
    first: code === "doubled" ? 2 : null,
  });

  const commands = {
    record_open: async () => view(),
    profile_put: async (next) => {
      if (next.teaching_years > 70) {
        const problem = { field: "teaching_years", code: "above_max", params: { max: 70 }, level: "error" };
        return refuse("profile_invalid", { problems: [problem] });
      }
      profile = next;
      waiting = !online();
      return view();
    },
    transfer_answer: async ({ answer }) => {
      if (!online()) return refuse("offline");
      if (wish().has("moved")) return refuse("transfer_moved");
      answered = true;
      certificates = answer === "all_wrong" ? [] : certificates.map((one) => ({ ...one, waits: false }));
      return view();
    },
    certificate_print: async ({ paper }) => {
      await new Promise((done) => setTimeout(done, 30));
      const refused = wish().get("refuse");
      if (refused !== null) return refuse(refused, { signs: ["𡉄"] });
      return { path: `/home/me/文件/教專通/${paper}.pdf`, pages: 1, bytes: 30_000, revision: 0, missing_glyphs: [] };
    },
    record_import: async ({ dry, skip_faulty }) => {
      await new Promise((done) => setTimeout(done, 30));
      const refused = wish().get("refuse");
      if (refused !== null) return refuse(refused, { limit: 5_000, columns: ["帳號", "研習日期"] });
      if (!online()) return refuse("offline");
      if (wish().has("again")) return { ...none, rows: 120, unchanged: 120, done: !dry };
      if (!wish().has("faults")) return { ...none, rows: 120, new: 118, changed: 2, done: !dry };
      const faults = [
        fault(3, "account", "unknown_account", "teacher-x"),
        fault(4, "day", "bad_day", "111/2/30"),
        fault(6, "hours", "bad_hours", "三"),
        fault(7, "course", "doubled", ""),
      ];
      return { ...none, rows: 120, new: 114, changed: 2, faulty: 4, faults, done: !dry && skip_faulty };
    },
    record_template: async ({ path }) => {
      const refused = wish().get("refuse");
      return refused === null ? { path, rows: 0, bytes: 9_000 } : refuse(refused, { path });
    },
  } satisfies Partial<Rpc>;

  begin();
  return { begin, commands };
}
