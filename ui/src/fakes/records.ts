// Stand-ins for 歷程, versions, exports, bundles and figures: realistic data, no rules worth the name. Never built in.

import type {
  Bundled,
  CaseHistory,
  ChartsView,
  DeedKind,
  DifferenceOf,
  PaperDifference,
  Progress,
  Role,
  SentVersion,
  State,
  StepRow,
} from "../gen/types";

const names: Partial<Record<Role, string>> = {
  teacher: "市北測試87老師",
  school: "縣立介壽國(中)小",
  county: "連江縣教專中心",
};

function step(seq: number, at: string, what: DeedKind, role: Role, to_label: string, reason: string | null = null): StepRow {
  return { seq, at, what, role, by: names[role] ?? null, reason, to_label, moved: true };
}

const FIRST: StepRow[] = [
  step(1, "2022-02-18T01:00:00Z", "opened", "teacher", "申請社群"),
  step(2, "2022-02-20T05:12:00Z", "submitted", "teacher", "形式審"),
];
const AGAIN: StepRow[] = [
  step(
    3,
    "2022-02-24T02:00:00Z",
    "returned",
    "school",
    "申請社群",
    "社群名稱請再具體一些。\n進度表第 2 場日期與學校行事曆衝突，請更正。",
  ),
  step(4, "2022-02-25T03:30:00Z", "submitted", "teacher", "形式審"),
];
const ON: [State, StepRow][] = [
  ["county_check", step(5, "2022-03-01T01:20:00Z", "passed", "school", "執行計畫挑選_可彙整")],
  ["running", step(6, "2022-03-10T06:00:00Z", "approved", "county", "執行後並填寫成果報告書")],
  ["closed", step(7, "2022-06-30T06:00:00Z", "report_sent", "teacher", "結案_可彙整")],
];
const stayed = (one: StepRow): StepRow => ({ ...one, moved: false });
const HANDED: StepRow[] = [
  ...FIRST.map((one) => ({ ...one, by: "市北測試20老師" })),
  step(3, "2022-03-01T01:20:00Z", "passed", "school", "執行計畫挑選_可彙整"),
  stayed(step(4, "2022-03-04T02:10:00Z", "convener_changed", "school", "執行計畫挑選_可彙整")),
  stayed(step(5, "2022-03-04T05:40:00Z", "convener_corrected", "teacher", "執行計畫挑選_可彙整")),
];
const WAY: State[] = ["draft", "school_check", "county_check", "running", "closed"];

/** The life of the case so far. */
export function steps(state: State, again: boolean, handed: "no" | "yes" | "corrected" = "no"): StepRow[] {
  if (handed !== "no") return HANDED.slice(0, handed === "yes" ? -1 : undefined);
  const here = WAY.indexOf(state);
  const begun = again ? [...FIRST, ...AGAIN] : FIRST;
  if (here === 0) return again ? [...FIRST, ...AGAIN.slice(0, 1)] : FIRST.slice(0, 1);
  return [...begun, ...ON.filter(([after]) => WAY.indexOf(after) <= here).map(([, one]) => one)];
}

function version(seq: number, revision: number, at: string): SentVersion {
  return { seq, revision, at, by: names.teacher ?? null, role: "teacher" };
}
const VERSIONS = [
  version(2, 1, "2022-02-20T05:12:00Z"),
  version(4, 2, "2022-02-25T03:30:00Z"),
  version(9, 3, "2022-02-28T03:30:00Z"),
];

/** What was sent before: twice, or three times. */
export function history(online: boolean, rounds: number): CaseHistory {
  const names = {
    plc_application: { zh: "教師專業學習社群申請表", en: "PLC application" },
    plc_budget: { zh: "教師專業學習社群經費概算表", en: "PLC budget" },
  };
  const versions = VERSIONS.slice(0, Math.max(2, rounds));
  return {
    case: "case-1",
    papers: online
      ? Object.entries(names).map(([form, name]) => ({ form, name, versions, compare_from: versions.at(-2)?.seq ?? null }))
      : [],
    complete: online,
  };
}

/** The 申請表 as it was stamped, and with the new convener's data. */
export function correctedHistory(): CaseHistory {
  const name = { zh: "教師專業學習社群申請表", en: "PLC application" };
  const versions = [{ ...version(2, 1, "2022-02-20T05:12:00Z"), by: "市北測試20老師" }, version(5, 2, "2022-03-04T05:40:00Z")];
  return { case: "case-1", papers: [{ form: "plc_application", name, versions, compare_from: 2 }], complete: true };
}

const same = (text: string) => ({ kind: "same" as const, text });
const gone = (text: string) => ({ kind: "removed" as const, text });
const come = (text: string) => ({ kind: "added" as const, text });

function correction(from: number): PaperDifference {
  const change = (field: string, zh: string, en: string, old: string, now: string) => ({
    field,
    label: { zh, en },
    change: { type: "text" as const, spans: [gone(old), come(now)] },
  });
  return {
    form: "plc_application",
    from: version(from, 1, "2022-02-20T05:12:00Z"),
    to: version(5, 2, "2022-03-04T05:40:00Z"),
    fields: [
      change("convener_name", "社群召集人", "Convener", "市北測試20老師", "市北測試87老師"),
      change("convener_phone", "召集人電話", "Convener's telephone", "0836-22222", "0836-12345"),
      change("convener_email", "召集人Email", "Convener's e-mail", "t20@example.edu.tw", "teacher-c@example.edu.tw"),
    ],
    other_file: false,
  };
}

/** What changed in the papers of the case. */
export function difference({ form, from, to }: DifferenceOf): PaperDifference {
  const found = (seq: number) => VERSIONS.find((one) => one.seq === seq) ?? version(seq, 1, "2022-02-20T05:12:00Z");
  if (to === 5) return correction(from);
  const bare: PaperDifference = { form, from: found(from), to: found(to), fields: [], other_file: false };
  if (form !== "plc_application") return bare;
  const columns = [
    { zh: "日期", en: "Date" },
    { zh: "開始時間", en: "From" },
    { zh: "結束時間", en: "To" },
    { zh: "活動內容", en: "Activity" },
    { zh: "實施方式", en: "Way of working" },
    { zh: "講座/助理", en: "Lecturer or assistant" },
    { zh: "地點", en: "Place" },
  ];
  const session = (day: string, activity: string) => [day, "13:30", "15:30", activity, "共同備課", "", "圖書館"];
  return {
    ...bare,
    other_file: true,
    fields: [
      {
        field: "plc_name",
        label: { zh: "社群名稱(至多20字)", en: "Name of the community (at most 20 characters)" },
        change: { type: "text", spans: [same("我愛上學"), come("：素養導向數學共備")] },
      },
      {
        field: "plc_summary",
        label: { zh: "社群簡介(100~200字以內)", en: "Summary (100 to 200 characters)" },
        change: {
          type: "text",
          spans: [
            same("本社群由中年級教師組成，"),
            gone("不定期聚會分享心得"),
            come("每月共備一次、觀課一次"),
            same("，透過共同備課、公開授課與議課，"),
            come("以學生作品為證據，"),
            same("讓學生一起愛上學習，落實教師專業學習社群永續發展。"),
          ],
        },
      },
      {
        field: "schedule",
        label: { zh: "社群活動進度表", en: "Schedule" },
        change: {
          type: "rows",
          columns,
          rows: [
            {
              fate: "same",
              old: 1,
              new: 1,
              cells: session("111/09/07", "期初共識會議").map((text) => (text ? [same(text)] : [])),
            },
            {
              fate: "changed",
              old: 2,
              new: 2,
              cells: session("", "").map((text, place) =>
                place === 0
                  ? [gone("111/10/03"), come("111/10/05")]
                  : place === 3
                    ? [same("分數單元共同備課"), come("與教具製作")]
                    : text
                      ? [same(text)]
                      : [],
              ),
            },
            {
              fate: "added",
              old: null,
              new: 3,
              cells: session("111/10/19", "分數單元公開授課").map((text) => (text ? [come(text)] : [])),
            },
            {
              fate: "removed",
              old: 5,
              new: null,
              cells: session("111/12/30", "聖誕聯歡").map((text) => (text ? [gone(text)] : [])),
            },
          ],
        },
      },
      {
        field: "apply_funding",
        label: { zh: "是否申請經費", en: "Funding applied for" },
        change: { type: "text", spans: [gone("否"), come("是")] },
      },
    ],
  };
}

/** The figures of a year. */
export function charts(plan_year: number, school: string, nothing: boolean): ChartsView {
  const labels: [State, string][] = [
    ["draft", "申請社群"],
    ["school_check", "形式審"],
    ["county_check", "執行計畫挑選_可彙整"],
    ["running", "執行後並填寫成果報告書"],
    ["rejected", "未核定"],
  ];
  const days = Array.from({ length: 40 }, (_, day) => {
    const opened = Math.min(48, day * 3 + 2);
    const sent = Math.max(0, Math.min(opened - 2, Math.round(day * 2.4 - 8)));
    const passed = Math.max(0, Math.min(sent, Math.round(day * 2.2 - 20)));
    const judged = Math.max(0, Math.min(passed, Math.round(day * 2.1 - 40)));
    const rejected = Math.min(3, Math.round(judged / 10));
    const at = new Date(Date.UTC(2022, 4, 2 + day)).toISOString().slice(0, 10);
    return { day: at, counts: [opened - sent, sent - passed, passed - judged, judged - rejected, rejected] };
  });
  const amounts = (name: string, cases: number, applied: number, approved: number) => ({ name, cases, applied, approved });
  const others = [
    "縣立中正國(中)小",
    "縣立仁愛國小",
    "縣立東引國(中)小",
    "縣立敬恆國(中)小",
    "縣立塘岐國小",
    "縣立坂里國小",
    "縣立東莒國小",
    "縣立中山國中",
  ];
  return {
    plan_year,
    plan_years: nothing ? [] : [111, 109],
    cases: nothing ? 0 : 48,
    states: labels.map(([state, label]) => ({ state, label })),
    days: nothing ? [] : days,
    levels: [
      amounts("精進社群", 12, 480_000, 360_000),
      amounts("一般社群", 28, 420_000, 380_000),
      amounts("基礎社群", 6, 60_000, 42_000),
      amounts("", 2, 0, 0),
    ],
    schools: [school, ...others].map((name, number) =>
      amounts(name, 9 - number, 160_000 - number * 15_000, Math.max(0, 130_000 - number * 16_000)),
    ),
  };
}

let progress: Progress = { done: 0, of: 0 };
let stopped = false;

/** A bundle takes its time, says how far it is, and can be stopped. */
export async function bundle(path: string, cases: number, online: boolean): Promise<Bundled> {
  stopped = false;
  const of = Math.min(cases, 12);
  for (let done = 0; done < of; done += 1) {
    progress = { done, of };
    await new Promise((go) => setTimeout(go, 60));
    if (stopped) {
      progress = { done: 0, of: 0 };
      return Promise.reject({ code: "stopped", params: {}, message: "" });
    }
  }
  progress = { done: 0, of: 0 };
  const scan = { zh: "教師專業學習社群經費概算表", en: "PLC budget" };
  return {
    path,
    pages: cases * 9 + 3,
    bytes: cases * 2_400_000,
    cases,
    missing: [
      { case: "case-2", title: "市北測試20老師的社群", paper: null, why: "not_sent" },
      ...(online ? [] : [{ case: "case-1", title: "我愛上學", paper: scan, why: "file_not_here" as const }]),
    ],
  };
}

export function bundleProgress(): Progress {
  return progress;
}

export function bundleStop(): Progress {
  stopped = true;
  return progress;
}
