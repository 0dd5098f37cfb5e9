// Stand-ins for 彙整計畫與成果: one school before and after importing, and a county with several schools.
// `?summary=none|editing|sent|drift`, and a county sees the list of its schools.

import type { Actor, CaseView, OwnSummary, PaperRow, SchoolSummary, State, SummaryLine, SummaryView } from "../gen/types";

/** Wishes, and the state behind them. */
const AT_COUNTY = new Set(["sent", "drift"]);

const line = (number: number, name: string, convener: string, label: string, amount: number | null): SummaryLine => ({
  case: `case-${number}`,
  name,
  convener,
  state_label: label,
  amount,
});

const READY = [
  line(1, "教師專業學習社群", "市北測試87老師", "執行計畫挑選_可彙整", 12680),
  line(2, "一起學英文", "市北測試20老師", "執行計畫挑選_可彙整", 11070),
  line(3, "數學好好玩", "市北測試17老師", "執行後並填寫成果報告書", 9800),
];
const WAITING = [line(4, "", "市北測試313老師", "申請社群", null), line(5, "素養評量研究", "市北測試314老師", "形式審", 7120)];

const paper = (status: PaperRow["status"], editable: boolean): PaperRow => ({
  form: "plc_summary",
  name: { zh: "教師專業學習社群申請總表", en: "PLC summary of the school" },
  title: { zh: "教育部補助辦理 教師專業學習社群申請總表", en: "Summary of the school's applications" },
  editable,
  viewable: true,
  status,
  remarks: 0,
  stamp_rule: "stamped",
  printed_revision: editable ? null : 1,
  enclosure: null,
  scan: null,
  corrects: false,
  stamped_revision: null,
});

function caseOf(base: CaseView, state: State, label: string): CaseView {
  const sent = AT_COUNTY.has(state);
  return {
    ...base,
    id: "summary-1",
    process: "summary",
    state,
    state_label: label,
    reason: null,
    approved_amount: null,
    stations: [],
    papers: [paper(sent ? { type: "sent" } : { type: "unfinished", problems: 9 }, !sent)],
    papers_hidden: false,
    allowed: sent
      ? [{ action: "import", missing: [] }]
      : [
          { action: "import", missing: [] },
          { action: "send", missing: [{ code: "papers_incomplete", params: { forms: ["plc_summary"] } }] },
        ],
    delivery: { type: "accepted", seq: 3 },
    clashing: 0,
  };
}

function ownOf(base: CaseView, wish: string): OwnSummary {
  const there = wish !== "none";
  const sent = AT_COUNTY.has(wish);
  return {
    case: there ? caseOf(base, sent ? "sent" : "editing", sent ? "已送出" : "彙整中") : null,
    can_import: true,
    import_missing: [],
    replaces: there,
    withdraws: sent,
    ready: READY,
    waiting: sent && wish !== "drift" ? [] : WAITING,
    drift:
      wish === "drift"
        ? [
            { type: "gone", name: "素養評量研究" },
            { type: "new", name: "數學好好玩" },
          ]
        : [],
    results: { running: 1, closed: 0, approved: 9800 },
  };
}

const SCHOOLS: SchoolSummary[] = [
  ["090501", "縣立介壽國(中)小", "已送出", 4, 40670, "2022-03-02T02:10:00Z"],
  ["090502", "縣立中山國民中學", "彙整中", null, null, null],
  ["090503", "縣立塘岐國小", null, null, null, null],
].map(([code, name, label, communities, amount, at], number) => ({
  school: { code: String(code), name: String(name), county: "連江縣" },
  case: label === null ? null : `summary-${number}`,
  state_label: label as string | null,
  viewable: label === "已送出",
  sent_at: at as string | null,
  communities: communities as number | null,
  amount: amount as number | null,
  passed: 4 - number,
  drift: number === 0 ? [{ type: "gone", name: "一起學英文" }] : [],
}));

/** The page for whoever asks. */
export function summaryOf(actor: Actor | null, base: CaseView, wish: string): SummaryView {
  const school = actor?.school !== null;
  return {
    plan_year: 111,
    plan_years: [111, 110],
    own: school ? ownOf(base, wish) : null,
    schools: school || wish === "none" ? [] : SCHOOLS,
  };
}
