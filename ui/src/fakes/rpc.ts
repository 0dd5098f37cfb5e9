// Stand-ins for the program while the window is drawn in a browser: realistic data, no rules worth the name. Never built in.

import { isBlank } from "../form/values";
import packs from "../gen/packs.json";
import type { Rpc } from "../gen/rpc";
import type {
  Action,
  Actor,
  CaseRow,
  CaseView,
  ConvenerChoice,
  Delivery,
  FormDef,
  FormRow,
  FormView,
  Label,
  Language,
  MailView,
  Opt,
  PaperRow,
  PaperStatus,
  Problem,
  SessionView,
  State,
  Suggestion,
  Theme,
} from "../gen/types";
import { assignRpc } from "./assign";
import { CERTIFICATION, Certification, REVIEWERS } from "./certification";
import { STATES } from "./certifyway";
import { computedIn, problemsIn } from "./check";
import { actOn, beginChoosing, choicesOf, fitting, type Ground, previewOf } from "./choose";
import { drawPages, scanPicture } from "./pictures";
import { recordRpc } from "./record";
import * as records from "./records";
import { askRemark, beginRemarks, changeRemark, openRemarks, remarksOf, unsentRemarks } from "./remarks";
import { rulesRpc } from "./rules";
import { summaryOf } from "./summary";

type Answers = Record<string, unknown>;
const forms = packs.forms as unknown as Record<string, FormDef>;
const lists = packs.lists as unknown as Record<string, Opt[]>;
const samples = packs.samples as unknown as Record<string, Answers>;
const refuse = (code: string, params: Record<string, unknown> = {}) => Promise.reject({ code, params, message: "" });

const school = { code: "291501", name: "縣立介壽國(中)小", county: "連江縣" };
const people: Record<string, Actor> = {
  "teacher-c": {
    person: { id: "teacher-c", name: "市北測試87老師" },
    role: "teacher",
    school,
    county: "連江縣",
    email: "teacher-c@example.edu.tw",
    phone: "0836-12345",
  },
  "school-matsu": {
    person: { id: "school-matsu", name: "介壽國(中)小" },
    role: "school",
    school,
    county: "連江縣",
    email: null,
    phone: null,
  },
  platform: {
    person: { id: "platform", name: "平臺工作小組" },
    role: "platform",
    school: null,
    county: null,
    email: null,
    phone: null,
  },
  "county-lienchiang": {
    person: { id: "county-lienchiang", name: "連江縣教專中心" },
    role: "county",
    school: null,
    county: "連江縣",
    email: null,
    phone: null,
  },
  ...REVIEWERS,
};

const LABELS: Record<State, string> = {
  draft: "申請社群",
  school_check: "形式審",
  county_check: "執行計畫挑選_可彙整",
  running: "執行後並填寫成果報告書",
  closed: "結案_可彙整",
  rejected: "未核定",
  withdrawn: "撤案",
  editing: "彙整中",
  sent: "已送出",
  ...STATES,
};
/** The convener before, and what a new one may correct. */
const BEFORE = "市北測試20老師";
const OWN = ["convener_name", "convener_phone", "convener_email"];
/** Where papers outside any case lie, and the papers of the case. */
const LOOSE = "loose";
const PLC = ["plc_application", "plc_budget"];
const REPORT = "plc_report";
const PLC_GROUP = ["plc_application", "plc_budget", "plc_summary", "plc_report"];
const WAY: State[] = ["draft", "school_check", "county_check", "running", "closed"];

const drafting = () => WAY.indexOf(state) === 0;

let summary = "none";
let wish = new URLSearchParams();
let kept: Record<string, Answers> = {};
let now: Record<string, Answers> = {};
/** When a loose paper was saved last. */
let begun: Record<string, string> = {};
let state: State = "draft";
let owner = { id: "teacher-c", name: "市北測試87老師" };
let reason: string | null = null;
let amount: number | null = null;
let delivery: Delivery = { type: "local" };
let printed: Record<string, number> = {};
let scanned = new Set<string>();
let dirty = new Set<string>();
let online = true;
let clash = false;
/** After a change of convener: the papers name another still, or are corrected. */
let handed: "no" | "yes" | "corrected" = "no";
let read = false;
let mail: MailView = { choice: { mail: "at_once", reminders: true }, address: null, sends: true, hour: 7 };
let savedAt: string | null = null;
let session: SessionView;

const assigning = assignRpc({
  wish: () => wish,
  online: () => online,
  refuse,
  asked: (id) => (id === CERTIFICATION ? certification.asked : []),
});

const county = rulesRpc({
  wish: () => wish,
  online: () => online,
  editable: () => session.actor === people["county-lienchiang"],
  refuse,
});

const record = recordRpc({
  wish: () => wish,
  online: () => online,
  teaches: () => session.actor === people["teacher-c"],
  refuse,
});

const certification = new Certification({
  wish: () => wish,
  online: () => online,
  actor: () => session.actor,
  owner: people["teacher-c"] as Actor,
  refuse,
  answers: (form) => now[keyOf(CERTIFICATION, form)] ?? {},
});

/** Begins anew, as the address asks: who is signed in, how far the case is, what goes wrong. */
export function begin(query: string): void {
  wish = new URLSearchParams(query);
  county.begin();
  record.begin();
  assigning.begin();
  beginChoosing();
  const full = wish.has("full");
  kept = {};
  summary = wish.get("summary") ?? "none";
  beginRemarks(wish.has("remarks"));
  // A loose paper lies under its case and form, a paper of the case under its form.
  now = full
    ? { plc_application: { ...samples.plc_application }, plc_budget: { ...samples.plc_budget } }
    : {
        plc_application: {
          ...samples.plc_application,
          plc_summary: "讓學生一起愛上學習，落實教師專業學習社群永續發展。",
          expected_outcomes: undefined,
        },
        plc_budget: { plc_name: "我愛上學" },
      };
  for (const form of Object.keys(forms)) {
    now[keyOf(LOOSE, form)] = full ? { ...samples[form] } : {};
    const codes = now[keyOf(LOOSE, form)]?.codes;
    if (wish.has("long") && forms[form]) now[keyOf(LOOSE, form)] = longAnswers(forms[form], codes);
  }
  if (wish.has("carry")) now[keyOf(LOOSE, "pre_conference_a")] = { ...samples.pre_conference_a };
  begun = full ? Object.fromEntries(Object.keys(forms).map((form) => [form, "2022-05-03T02:42:07Z"])) : {};
  for (const [form, answers] of Object.entries(certification.begin())) now[keyOf(CERTIFICATION, form)] = answers;
  printed = full ? { plc_application: 1, plc_budget: 1 } : {};
  now[REPORT] = full ? { ...samples[REPORT], ...(wish.has("half") ? { sessions_per_year: null } : {}) } : {};
  scanned = new Set(full && !wish.has("bare") ? Object.keys(forms) : []);
  dirty = new Set();
  online = !wish.has("offline");
  mail = {
    choice: { mail: "at_once", reminders: true },
    address: wish.has("nomail") ? null : "teacher-c@example.edu.tw",
    sends: !wish.has("nomail"),
    hour: 7,
  };
  clash = wish.has("clash");
  read = false;
  savedAt = "2022-05-03T02:42:07Z";
  owner = { id: "teacher-c", name: "市北測試87老師" };
  handed = wish.has("handed") ? (wish.get("handed") === "corrected" ? "corrected" : "yes") : "no";
  if (handed === "yes" && now.plc_application) {
    Object.assign(now.plc_application, {
      convener_name: BEFORE,
      convener_email: "t20@example.edu.tw",
      convener_phone: "0836-22222",
    });
  }
  state = (wish.get("at") ?? (wish.has("sent") ? "school_check" : "draft")) as State;
  delivery = drafting() ? { type: "local" } : { type: "accepted", seq: 3 };
  amount = WAY.indexOf(state) > 2 ? 12_680 : null;
  reason = wish.has("returned") ? "您好，請核章後上傳檔案，再重新送出申請。" : null;
  session = {
    actor: people[wish.get("as") ?? ""] ?? null,
    known: [
      { account: "teacher-c", name: "市北測試87老師", role: "teacher" },
      { account: "school-matsu", name: "介壽國(中)小", role: "school" },
    ],
    server: "http://127.0.0.1:8787",
    status: { online, waiting: 0, refused: 0, unread: 1, sign_in_again: false, synced_at: "2022-05-03T02:40:00Z" },
    settings: {
      language: (wish.get("language") ?? "zh-TW") as Language,
      theme: (wish.get("theme") ?? "system") as Theme,
      kai: false,
      paper_open: true,
    },
  };
}
begin(location.search);

/** Where an act leads. */
const AFTER: Partial<Record<Action, State>> = {
  submit: "school_check",
  pass: "county_check",
  return: "draft",
  approve: "running",
  send_report: "closed",
  withdraw: "withdrawn",
};
/** The acts that send papers. */
const SENDING: Action[] = ["submit", "send_report"];
/** Who acts on the case, in the order of its way; the owner otherwise. */
const ACTS: Action[][] = [["withdraw", "submit"], ["pass", "return"], ["approve", "return", "reject"], ["send_report"], []];
const ACTORS = ["teacher-c", "school-matsu", "county-lienchiang", "teacher-c"];
const reviewing = () =>
  session.actor === people[ACTORS[WAY.indexOf(state)] ?? ""] && (ACTS[WAY.indexOf(state)] ?? []).includes("return");
const reviews = () => session.actor === people["reviewer-a"];
const mine = () => session.actor === people["teacher-c"];
/** The papers of the case, and which of them its owner can edit. */
const shown = () => (WAY.indexOf(state) > 2 ? [...PLC, REPORT] : PLC);
const editing = (form: string) => mine() && (form === REPORT ? WAY.indexOf(state) === 3 : drafting());

const correcting = (form: string) =>
  handed === "yes" && mine() && form === "plc_application" && [1, 2].includes(WAY.indexOf(state));
const own = (): Answers => {
  const { person, phone, email } = people["teacher-c"] as Actor;
  return { convener_name: person.name, convener_phone: phone, convener_email: email };
};
/** What the new convener's profile says otherwise. */
function ownOffers(): Suggestion[] {
  const fields = (forms.plc_application?.sections ?? []).flatMap((section) => section.fields);
  return fields.flatMap(({ key, label }) => {
    const value = own()[key];
    const differs = OWN.includes(key) && !isBlank(value) && now.plc_application?.[key] !== value;
    const source = { zh: "個人資料", en: "your profile" };
    return differs ? [{ field: key, label, value, source, plan_year: null }] : [];
  });
}
/** Papers as they were sent, with what a new convener corrected, are told of nothing but that. */
function ownProblems(): Problem[] {
  const name = now.plc_application?.convener_name;
  if (isBlank(name)) return [{ field: "convener_name", code: "required", params: {}, level: "error" }];
  if (name === owner.name) return [];
  return [{ field: "convener_name", code: "convener_differs", params: { value: name, wanted: owner.name }, level: "warning" }];
}

/** Where the answers of a paper lie. */
function keyOf(id: string, form: string): string {
  return id === LOOSE || id === CERTIFICATION ? `${id}/${form}` : form;
}
const problemsOf = (id: string, form: string) => problemsIn(forms[form], now[keyOf(id, form)] ?? {});

/** What the form page is told: the problems of the answers, and a missing enclosure. */
function toldOf(id: string, form: string): Problem[] {
  if (id !== LOOSE && correcting(form)) return ownProblems();
  const told = problemsOf(id, form);
  const fields = (forms[form]?.sections ?? []).flatMap((section) => section.fields);
  for (const { key, kind, required } of fields) {
    if (kind.type === "file" && kind.enclosure !== null && required && id === "case-1" && !scanned.has(form))
      told.push({ field: key, code: "enclosure_missing", params: { name: kind.enclosure }, level: "error" });
  }
  return told;
}

const computedOf = (id: string, form: string) => computedIn(forms[form], now[keyOf(id, form)] ?? {});

/** So many rows and codes as one meets in a long lesson. */
function longAnswers(def: FormDef, codes: unknown): Answers {
  const answers: Answers = { ...samples[def.id] };
  if (codes !== undefined || def.id === "obs_flanders")
    answers.codes = Array.from({ length: 1000 }, (_, place) => ((place * 7 + (place >> 3)) % 10) + 1);
  for (const { key, kind } of def.sections.flatMap((section) => section.fields)) {
    const rows = answers[key];
    if (kind.type === "rows" && Array.isArray(rows) && rows.length > 0)
      answers[key] = Array.from({ length: Math.min(60, kind.max_rows) }, (_, place) => ({ ...rows[place % rows.length] }));
  }
  return answers;
}

/** What other loose papers could offer. */
function suggestionsFor(id: string, form: string): Suggestion[] {
  const found: Suggestion[] = [];
  const answers = now[keyOf(id, form)] ?? {};
  for (const field of (forms[form]?.sections ?? []).flatMap((section) => section.fields)) {
    if (typeof field.prefill !== "object" || field.prefill === null || field.read_only || !isBlank(answers[field.key])) continue;
    const [from = "", key = ""] = field.prefill.form.split(".");
    const value = now[keyOf(LOOSE, from)]?.[key];
    const source = forms[from]?.name;
    if (!isBlank(value) && source) found.push({ field: field.key, label: field.label, value, source, plan_year: null });
  }
  if (form === "plc_application" && wish.has("carry")) {
    for (const field of (forms[form]?.sections ?? []).flatMap((section) => section.fields)) {
      if (!["plc_goals", "members", "partner_schools"].includes(field.key) || !isBlank(answers[field.key])) continue;
      const value = field.key === "plc_goals" ? "落實素養導向教學，建立共備觀議課的文化。" : samples.plc_application?.[field.key];
      const source = forms[form]?.name;
      if (value && source) found.push({ field: field.key, label: field.label, value, source, plan_year: 110 });
    }
  }
  return found;
}

const SENT = "sent" as const;

function statusOf(form: string): PaperStatus {
  const gone = { type: form === REPORT && WAY.indexOf(state) < 4 ? "empty" : SENT } as const;
  if (correcting(form)) {
    const [problem] = ownProblems();
    if (problem?.level === "error") return { type: "unfinished", problems: 1 };
    return { type: dirty.has(form) ? "corrected" : "to_correct" };
  }
  if (!editing(form)) return gone;
  if (Object.keys(now[form] ?? {}).length <= 1) return { type: "empty" };
  const problems = problemsOf("case-1", form).filter((problem) => problem.level === "error").length;
  if (problems > 0) return { type: "unfinished", problems };
  const enclosure = enclosureOf(form);
  if (enclosure !== null) return scanned.has(form) ? { type: "ready" } : { type: "to_enclose", name: enclosure };
  if (!printed[form]) return { type: "to_print" };
  if (dirty.has(form)) return { type: "print_again" };
  if (!scanned.has(form)) return { type: "to_scan" };
  return form === "plc_budget" ? { type: "stamps_doubtful", cells: ["sign_principal"] } : { type: "ready" };
}

/** What is enclosed with a form. */
function enclosureOf(form: string): Label | null {
  const fields = (forms[form]?.sections ?? []).flatMap((section) => section.fields);
  for (const { kind } of fields) if (kind.type === "file") return kind.enclosure;
  return null;
}

function paperOf(form: string): PaperRow {
  const def = forms[form] as FormDef;
  return {
    form,
    name: def.name,
    title: def.title,
    editable: editing(form) || correcting(form),
    corrects: correcting(form),
    stamped_revision: handed === "corrected" && form === "plc_application" ? 1 : null,
    viewable: editing(form) || (form === REPORT ? WAY.indexOf(state) > 3 : mine() || !drafting()),
    status: statusOf(form),
    remarks: openRemarks(form),
    stamp_rule: form === REPORT || correcting(form) ? "none" : "stamped",
    printed_revision: printed[form] ?? null,
    enclosure: enclosureOf(form),
    scan: scanned.has(form)
      ? {
          blob: "00",
          bytes: 1_468_006,
          pages: 2,
          stamps:
            form === "plc_budget"
              ? [
                  { cell: "sign_principal", verdict: "empty" },
                  { cell: "sign_handler", verdict: "stamped" },
                ]
              : form === REPORT
                ? []
                : [{ cell: "stamp_area", verdict: "stamped" }],
        }
      : null,
  };
}

/** 申請期程, as the address asks: near its end, over, or with something waiting. */
function closingNow(): CaseView["closing"] {
  const at = wish.get("closing");
  if (at === null) return null;
  return { window: "apply", to: "2022-05-23T04:00:00Z", waiting: at !== "soon", over: at === "over" };
}

function caseOf(): CaseView {
  const here = WAY.indexOf(state);
  const papers = shown().map(paperOf);
  const due = papers.filter((paper) => paper.editable && !paper.corrects);
  const lacking = due.filter((paper) => ["empty", "unfinished"].includes(paper.status.type)).map((paper) => paper.form);
  const bare = due.filter((paper) => paper.scan === null);
  const unstamped = bare.filter((paper) => paper.enclosure === null).map((paper) => paper.form);
  const unenclosed = bare.flatMap(({ form, enclosure }) => (enclosure === null ? [] : [{ form, name: enclosure }]));
  const missing = [
    ...(lacking.length > 0 ? [{ code: "papers_incomplete" as const, params: { forms: lacking } }] : []),
    ...(unstamped.length > 0 ? [{ code: "stamp_missing" as const, params: { forms: unstamped } }] : []),
    ...(unenclosed.length > 0 ? [{ code: "enclosure_missing" as const, params: { papers: unenclosed } }] : []),
  ];
  const acting = session.actor !== null && session.actor === people[ACTORS[here] ?? ""];
  const hidden = !mine() && drafting();
  return {
    id: "case-1",
    process: "plc",
    plan_year: 111,
    state,
    state_label: LABELS[state],
    school,
    owner,
    message: "請老師們登入平臺後，注意首頁「縣市最新消息」相關公告。",
    reason,
    approved_amount: amount,
    stations: WAY.map((one, number) => ({
      state: one,
      label: LABELS[one],
      place: number < here ? "done" : number === here ? "here" : "ahead",
    })),
    steps: records.steps(state, wish.has("again"), handed),
    papers: hidden ? [] : papers,
    papers_hidden: hidden,
    allowed: [
      ...(acting ? (ACTS[here] ?? []).map((action) => ({ action, missing: SENDING.includes(action) ? missing : [] })) : []),
      ...(papers.some((paper) => paper.corrects)
        ? [
            {
              action: "correct_convener" as const,
              missing: dirty.has("plc_application") ? [] : [{ code: "nothing_corrected" as const }],
            },
          ]
        : []),
      ...(session.actor === people["school-matsu"] && here <= 2 ? [{ action: "change_convener" as const, missing: [] }] : []),
    ],
    unsent_remarks: unsentRemarks(),
    remarks: hidden ? 0 : PLC.reduce((all, form) => all + openRemarks(form), 0),
    delivery,
    clashing: clash ? 1 : 0,
    closing: closingNow(),
    certification: null,
  };
}

function rowOf(id: string, year: number, owner: string, at: State, day: string): CaseRow {
  return {
    id,
    process: "plc",
    plan_year: year,
    owner,
    school: school.name,
    title: "我愛上學",
    state: at,
    state_label: LABELS[at],
    level: id === "case-4" ? "無" : "學習社群",
    asked: 12_680,
    approved: WAY.indexOf(at) > 2 ? 12_000 : null,
    waits_for_me: id === "case-1",
    pending: id === "case-1" && delivery.type === "queued",
    created_at: `${day}T01:00:00Z`,
    updated_at: `${day}T03:00:00Z`,
  };
}

/** The rows of the slides. */
function colleagues(): ConvenerChoice[] {
  const busy = new Set([20, 17]);
  return [320, 319, 318, 317, 316, 315, 314, 313, 20, 17].map((number) => ({
    person: { id: `teacher-${number}`, name: `市北測試${number}老師` },
    account: `t${8600 + number}`,
    missing: busy.has(number) ? { code: "target_convenes" } : null,
  }));
}

function rows(): CaseRow[] {
  const some = [
    rowOf("case-1", 111, "市北測試87老師", state, "2022-02-18"),
    rowOf("case-2", 111, "市北測試20老師", "school_check", "2022-02-11"),
    rowOf("case-3", 111, "市北測試17老師", "running", "2022-02-11"),
    rowOf("case-4", 109, "市北測試87老師", "county_check", "2020-12-14"),
  ];
  if (wish.get("many")) {
    const schools = ["縣立介壽國(中)小", "縣立仁愛國小", "縣立塘岐國小", "縣立中山國中", "縣立東引國(中)小"];
    const levels = ["學習社群", "專業精進社群", "無"];
    return Array.from({ length: Number(wish.get("many")) || 10_000 }, (_, number) => ({
      ...rowOf(number === 0 ? "case-1" : `many-${number}`, 111, `市北測試${number}老師`, WAY[number % 5] as State, "2022-02-18"),
      school: schools[number % schools.length] ?? "",
      level: levels[number % levels.length] ?? "",
      asked: 8_000 + ((number * 997) % 9_000),
    }));
  }
  const all = wish.has("cert") ? [certification.row(), ...some] : some;
  if (session.actor?.person.id === "reviewer-a") return [certification.row()];
  return mine() ? all.filter((row) => row.owner.includes("87")) : all;
}

/** What the stand-ins of lists are built on. */
const ground: Ground = {
  rows,
  labels: LABELS,
  online: () => online,
  ceilings: () => !wish.has("unset"),
  get acts() {
    if (session.actor === people["county-lienchiang"])
      return {
        approve: ["county_check", "running"],
        return: ["county_check", "draft"],
        reject: ["county_check", "rejected"],
      } as Ground["acts"];
    return session.actor === people["school-matsu"]
      ? ({ pass: ["school_check", "county_check"], return: ["school_check", "draft"] } as Ground["acts"])
      : {};
  },
};

/** A paper of the case it lies in. */
const paperIn = (id: string, form: string) => (id === CERTIFICATION ? certification.paper(form) : paperOf(form));

function formOf(id: string, form: string): FormView {
  const loose = id === LOOSE;
  const asks = id === CERTIFICATION ? certification.remarks && !paperIn(id, form).editable : reviewing();
  return {
    case: id,
    process: id === CERTIFICATION ? "advanced" : "plc",
    def: forms[form] as FormDef,
    lists: Object.fromEntries(Object.entries(lists).filter(([name]) => JSON.stringify(forms[form]).includes(`"list":"${name}"`))),
    numbers: packs.numbers,
    header: "111學年度 連江縣 縣立介壽國(中)小",
    answers: { ...now[keyOf(id, form)] },
    computed: computedOf(id, form),
    problems: toldOf(id, form),
    suggestions: !loose && correcting(form) ? ownOffers() : loose || drafting() ? suggestionsFor(id, form) : [],
    remarks: loose ? [] : remarksOf(form, asks, mine() && drafting()),
    can_remark: !loose && asks,
    clashes: clash && form === "plc_application" ? [{ field: "plc_name", mine: "我愛上學", theirs: "一起學英文" }] : [],
    read_only: !loose && !paperIn(id, form).editable,
    only: !loose && correcting(form) ? OWN : null,
    loose,
    paper: loose ? { ...paperOf(form), scan: null, printed_revision: null } : paperIn(id, form),
    saved_at: loose ? (begun[form] ?? null) : savedAt,
  };
}

const status = () => ({ ...session.status, online, waiting: delivery.type === "queued" ? 1 : 0, unread: read ? 0 : 1 });
const wait = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

const rpc: Rpc = {
  session_state: async () => ({ ...session, status: status() }),
  sign_in: async ({ account, password }) => {
    await wait(300);
    const actor = people[account];
    if (!online) return refuse("offline");
    if (!actor || password !== "demo") return refuse("wrong_password");
    session = { ...session, actor };
    return session;
  },
  unlock: async ({ account, passphrase }) => {
    if (passphrase === "wrong") return refuse("wrong_passphrase");
    session = { ...session, actor: people[account] ?? null };
    return session;
  },
  lock: async () => (session = { ...session, actor: null }),
  sign_out: async () => (session = { ...session, actor: null }),
  settings_put: async (settings) => (session = { ...session, settings }),
  status: async () => status(),
  home: async () => ({
    pages: [
      "home",
      ...(mine() ? ["certification" as const] : []),
      "functions",
      ...(mine() ? ["cases" as const] : reviews() ? [] : (["summary", "choose"] as const)),
      ...(session.actor === people["county-lienchiang"] ? (["assign", "reviewers"] as const) : []),
      "search",
      ...(mine() || reviews() ? [] : ["charts" as const]),
      "messages",
      "downloads",
      "guide",
      "profile",
      ...(reviews() ? [] : ["rules" as const]),
      "settings",
    ],
    tiles: [
      ...(reviews() ? [] : [{ key: "cases", page: "cases" as const, waiting: mine() ? 1 : 0 }]),
      ...(mine() || reviews() ? [] : [{ key: "case_choose", page: "choose" as const, waiting: 2 }]),
      ...(mine() || reviews() ? [] : [{ key: "summary", page: "summary" as const, waiting: 0 }]),
      ...(session.actor === people.platform ? [{ key: "record_import", page: "record_import" as const, waiting: 0 }] : []),
      { key: "search", page: "search", waiting: 0 },
      { key: "messages", page: "messages", waiting: 0 },
      { key: "downloads", page: "downloads", waiting: 0 },
      { key: "guide", page: "guide", waiting: 0 },
      ...(reviews() ? [] : [{ key: "county_rules", page: "rules" as const, waiting: 0 }]),
    ],
    todo: wish.get("nothing") ? [] : rows().slice(0, 2),
    message: "請老師們登入平臺後，注意首頁「縣市最新消息」相關公告。",
    can_open: Boolean(wish.get("nothing")),
    open_missing: [{ code: "already_convener" }],
    plan_year: 111,
  }),
  case_list: async (query) => {
    const fit = assigning.found(query) ?? (wish.get("nothing") ? [] : fitting(ground, query));
    const { offset, limit } = query;
    return {
      rows: fit.slice(offset, offset + (limit || 200)),
      total: fit.length,
      plan_years: [111, 109],
      choices: offset === 0 ? choicesOf(ground, query) : null,
    };
  },
  summary_open: async () => summaryOf(session.actor, caseOf(), summary),
  summary_import: async () => {
    summary = "editing";
    return summaryOf(session.actor, caseOf(), summary);
  },
  remark_ask: async ({ form, field, text }) => {
    askRemark(form, field, text);
    return { rows: remarksOf(form, reviewing(), false), unsent: unsentRemarks() };
  },
  remark_settle: async ({ remark, settled }) => ({
    rows: remarksOf(changeRemark(remark, { settled }), reviewing(), false),
    unsent: unsentRemarks(),
  }),
  remark_answer: async ({ remark, text }) => ({
    rows: remarksOf(changeRemark(remark, { answer: text }), false, true),
    unsent: unsentRemarks(),
  }),
  remarks_print: async () => ({ path: "/tmp/remarks.pdf", pages: 1, bytes: 20_000, revision: 0, missing_glyphs: [] }),
  case_ids: async (query) => ({ cases: fitting(ground, query).map((row) => row.id) }),
  cases_preview: async (request) => previewOf(ground, request),
  cases_act: async (act) => {
    await wait(100);
    if (wish.get("refuse")) return refuse(wish.get("refuse") ?? "", { limit: 500 });
    return actOn(ground, act);
  },
  case_new: async ({ process }) => {
    if (wish.get("refuse")) return refuse(wish.get("refuse") ?? "");
    return process === "advanced" ? certification.view() : caseOf();
  },
  case_open: async ({ case: id }) => {
    if (id === CERTIFICATION) return certification.view();
    return id.startsWith("case") ? caseOf() : refuse("not_found");
  },
  convener_choices: async () => {
    await wait(100);
    if (!online) return refuse("offline");
    return {
      old: owner,
      note: "若為跨校社群更動成員，請務必發函報教育局變更；若為校內社群，請循校內程序辦理。",
      rows: wish.has("alone") ? [] : colleagues().filter((row) => row.person.id !== owner.id),
    };
  },
  case_act: async (act) => {
    if (act.case === CERTIFICATION) return certification.act(act);
    const { action, reason: why, amount: given, to } = act;
    if (wish.has("taken")) return refuse("act_incomplete", { missing: [{ code: "target_convenes" }] });
    if (wish.has("late")) {
      const params = { window: "apply", from: "2022-04-19T16:00:00Z", to: "2022-05-23T04:00:00Z" };
      const missing = [{ code: "window_closed", params }];
      delivery = { type: "refused", failure: { code: "act_incomplete", params: { missing }, message: "" } };
      return caseOf();
    }
    if (to) owner = to;
    if (action === "correct_convener") handed = "corrected";
    state = AFTER[action] ?? state;
    if (action === "approve") amount = given;
    if (action === "return") reason = why;
    delivery = online ? { type: "accepted", seq: 2 } : { type: "queued" };
    return caseOf();
  },
  form_open: async ({ case: id, form }) => (forms[form] ? formOf(id, form) : refuse("unknown_form")),
  case_save_draft: async ({ case: id, form, changes }) => {
    await wait(30);
    if (wish.get("disk")) return refuse("disk_full");
    const other = id !== LOOSE && correcting(form) ? Object.keys(changes).find((key) => !OWN.includes(key)) : undefined;
    if (other) return refuse("other_field_changed", { form, field: other });
    now[keyOf(id, form)] = { ...now[keyOf(id, form)], ...changes };
    const at = new Date().toISOString();
    if (id === LOOSE) begun[form] = at;
    else savedAt = at;
    if (printed[form] || correcting(form)) dirty.add(form);
    return { computed: computedOf(id, form), problems: toldOf(id, form), saved_at: at, paper: paperIn(id, form) };
  },
  draft_keep: async ({ case: id, form }) => {
    kept[keyOf(id, form)] = { ...now[keyOf(id, form)] };
    return formOf(id, form);
  },
  draft_revert: async ({ case: id, form }) => {
    now[keyOf(id, form)] = { ...kept[keyOf(id, form)] };
    return formOf(id, form);
  },
  clash_pick: async ({ case: id, form, side }) => {
    clash = false;
    if (side === "theirs") now[form] = { ...now[form], plc_name: "一起學英文" };
    return formOf(id, form);
  },
  paper_preview: async ({ case: id, form, changes, held }) => {
    await wait(40);
    return drawPages(forms[form] as FormDef, { ...now[keyOf(id, form)], ...changes }, held);
  },
  case_print: async ({ case: id, form }) => {
    await wait(400);
    const path = `/home/me/文件/教專通/${forms[form]?.name.zh}`;
    if (id === LOOSE) return { path: `${path}-草稿.pdf`, pages: 3, bytes: 182_044, revision: 0, missing_glyphs: [] };
    if (id === CERTIFICATION) {
      certification.printed(form);
      return { path: `${path}-1.pdf`, pages: 1, bytes: 80_000, revision: 1, missing_glyphs: [] };
    }
    printed[form] = (printed[form] ?? 0) + 1;
    dirty.delete(form);
    return {
      path: `${path}-${printed[form]}.pdf`,
      pages: 3,
      bytes: 182_044,
      revision: printed[form] ?? 1,
      missing_glyphs: [],
    };
  },
  scan_attach: async ({ case: id, form, paths }) => {
    await wait(900);
    if (wish.get("refuse"))
      return refuse(wish.get("refuse") ?? "", { page: 2, found: 1, wanted: 2, missing: [3], pages: 3, limit: 2_097_152 });
    if (id === CERTIFICATION) certification.scanned(form, true);
    else scanned.add(form);
    return {
      pages: paths.map((source, number) => ({
        source,
        rotation: number === 0 ? 90 : 0,
        skew_deg: 0.4,
        qr:
          form === REPORT
            ? null
            : { case: "case-1", form, version: 111, revision: 1, page: number + 1, pages: paths.length, short_hash: "0a1b2c3d" },
        stamps:
          number === 1 && form !== REPORT
            ? [
                { cell: "sign_handler", verdict: "stamped" as const },
                { cell: "sign_director", verdict: "unsure" as const },
                { cell: "sign_principal", verdict: "empty" as const },
              ]
            : [],
      })),
      file: { blob: "00", bytes: 1_468_006, pages: paths.length, stamps: [] },
      case: id === CERTIFICATION ? certification.view() : caseOf(),
    };
  },
  scan_remove: async ({ case: id, form }) => {
    if (id === CERTIFICATION) {
      certification.scanned(form, false);
      return certification.view();
    }
    scanned.delete(form);
    return caseOf();
  },
  ...certification.commands,
  scan_page: async ({ page }) => ({ png_base64: scanPicture(page), pages: 2 }),
  notice_list: async () => ({
    rows: wish.get("nothing")
      ? []
      : [
          {
            id: "n1",
            title: { zh: "專業學習社群退件", en: "Learning community application returned" },
            body: {
              zh: "您好！您的專業學習社群申請之狀態為退件，敬請了解退件原因，並依照退件意見修改後重新送件，以利社群申請作業。",
              en: "Your application has been returned. Please read the reason, correct it and send it again.",
            },
            case: "case-1",
            at: "2022-02-24T02:00:00Z",
            read,
          },
          {
            id: "n2",
            title: { zh: "專業學習社群通知", en: "Learning community notice" },
            body: {
              zh: "你好! 專業學習社群申請之狀態為通過，執行後登入校長暨教師專業發展支持作業平臺填寫成果報告書。",
              en: "Your application is approved. After running it, fill in the report.",
            },
            case: null,
            at: "2021-02-11T02:00:00Z",
            read: true,
          },
        ],
  }),
  notice_read: async () => {
    read = true;
    return rpc.notice_list({});
  },
  mail_choice: async () => {
    if (!online) return refuse("offline");
    return mail;
  },
  mail_choose: async (choice) => {
    await wait(200);
    if (!online || wish.has("cut")) return refuse("offline");
    mail = { ...mail, choice };
    return mail;
  },
  form_list: async () => ({
    case: LOOSE,
    rows: packs.order
      .map((id) => forms[id] as FormDef)
      .map(
        (def): FormRow => ({
          form: def.id,
          version: def.version,
          plan_year: def.plan_year,
          title: def.title,
          name: def.name,
          group: PLC_GROUP.includes(def.id)
            ? { zh: "教師專業學習社群", en: "Professional learning communities" }
            : { zh: "進階專業回饋人才認證", en: "Advanced certification for professional feedback" },
          started_at: begun[def.id] ?? null,
        }),
      ),
  }),
  form_blank: async ({ path, kind }) => {
    await wait(300);
    if (wish.get("refuse")) return refuse(wish.get("refuse") ?? "", { path });
    return { path, pages: kind === "pdf" ? 2 : 0, bytes: 40_000, revision: 0, missing_glyphs: [] };
  },
  form_export: async ({ path }) => {
    await wait(300);
    if (wish.get("refuse")) return refuse(wish.get("refuse") ?? "", { path });
    return { path, pages: 0, bytes: 40_000, revision: 0, missing_glyphs: [] };
  },
  case_history: async ({ case: id }) =>
    handed === "corrected"
      ? records.correctedHistory()
      : wish.has("again")
        ? records.history(online, Number(wish.get("again")))
        : { case: id, papers: [], complete: true },
  case_difference: async (of) => {
    await wait(60);
    return records.difference(of);
  },
  list_export: async ({ path, query }) => {
    await wait(300);
    if (wish.get("refuse")) return refuse(wish.get("refuse") ?? "", { path });
    const { total } = await rpc.case_list({ ...query, limit: 1 });
    return { path, rows: total, bytes: 9_000 };
  },
  bundle: async ({ path, query, cases }) => {
    if (wish.get("refuse")) return refuse(wish.get("refuse") ?? "", { limit: 500, path });
    const { total } = await rpc.case_list({ ...query, limit: 1 });
    return records.bundle(path, cases.length || total, online);
  },
  bundle_progress: async () => records.bundleProgress(),
  bundle_stop: async () => records.bundleStop(),
  charts: async ({ plan_year }) => records.charts(plan_year ?? 111, school.name, Boolean(wish.get("nothing"))),
  charts_export: async ({ path }) => {
    await wait(300);
    return { path, rows: 53, bytes: 12_000 };
  },
  form_clear: async ({ case: id, form }) => {
    now[keyOf(id, form)] = {};
    delete kept[keyOf(id, form)];
    delete begun[form];
    return formOf(id, form);
  },
  ...county.commands,
  ...record.commands,
  ...assigning.commands,
  sync_now: async () => {
    await wait(300);
    if (!online) return refuse("offline");
    return { sent: 1, received: 2, refused: 0, conflicts: clash ? 1 : 0 };
  },
};

/** Answers a command as the program would. */
export async function answer(name: string, request: unknown): Promise<unknown> {
  const command = rpc[name as keyof Rpc] as ((request: unknown) => Promise<unknown>) | undefined;
  return command ? structuredClone(await command(request)) : refuse("bad_request");
}
