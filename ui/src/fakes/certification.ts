// Stand-ins for certifications: realistic papers and sheets, no rules worth the name. Never built in.
// `?cert=<state>` says how far the application is, `&full=1` that its papers are filled in, `&returned=1` that the formal check
// returned it once, `&like=<per cent>` how much it is like another one.

import packs from "../gen/packs.json";
import type { Rpc } from "../gen/rpc";
import type {
  Action,
  Actor,
  CaseRow,
  CaseView,
  CertificationView,
  DeedKind,
  Delivery,
  FormDef,
  Missing,
  Opt,
  Outcome,
  PaperRow,
  PaperStatus,
  Person,
  Role,
  Round,
  SheetRow,
  SlotView,
  StepRow,
} from "../gen/types";
import {
  ACTS,
  APPEAL,
  APPEALING,
  type At,
  FIRST_APPEAL,
  FIRST_PICKS,
  FULL_PICKS,
  LABELS,
  LED_BY,
  OPEN,
  OUTCOMES,
  PLAIN,
  REASONED,
  REVIEWED,
  ROUNDS,
  SECOND,
  SLOTS,
  STAMPED,
  STATES,
  TO_WRITE,
  word,
} from "./certifyway";
import { problemsIn } from "./check";
import { drawPages } from "./pictures";

type Answers = Record<string, unknown>;
type Refuse = (code: string, params?: Record<string, unknown>) => Promise<never>;
type World = {
  wish: () => URLSearchParams;
  online: () => boolean;
  actor: () => Actor | null;
  owner: Actor;
  refuse: Refuse;
  /** What is typed into a form of this case. */
  answers: (form: string) => Answers;
};

/** The id under which the application lies. */
export const CERTIFICATION = "adv-1";

const forms = packs.forms as unknown as Record<string, FormDef>;
const samples = packs.samples as unknown as Record<string, Answers>;

/** Those who take part beside the teacher and the county. */
export const REVIEWERS: Record<string, Actor> = Object.fromEntries(
  (
    [
      ["reviewer-a", "審查委員甲", "reviewer"],
      ["ministry", "教育部師資司", "ministry"],
      ["platform", "平臺工作小組", "platform"],
    ] as [string, string, Role][]
  ).map(([id, name, role]) => [id, { person: { id, name }, role, school: null, county: null, email: null, phone: null }]),
);

const wait = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
const day = (number: number) => `2022-03-${String(number).padStart(2, "0")}T02:00:00Z`;

/** An application for 進階專業回饋人才認證, over the stand-ins of everything else. */
export class Certification {
  #state: At = "preparing";
  #picks: Record<string, string[]> = {};
  #reason: string | null = null;
  #returned = false;
  #delivery: Delivery = { type: "accepted", seq: 3 };
  #outcome: Outcome | null = null;
  #reviewers: Person[] = [];
  readonly #scanned = new Set<string>();
  readonly #printed = new Set<string>();

  constructor(readonly world: World) {}

  /** Begins anew, as the address asks. Answers what is filled in. */
  begin(): Record<string, Answers> {
    const wish = this.world.wish();
    this.#state = (wish.get("cert") ?? "preparing") as At;
    const full = wish.has("full") || this.#state !== PLAIN[0];
    this.#picks = { ...(full ? FULL_PICKS : FIRST_PICKS) };
    this.#returned = wish.has("returned");
    this.#outcome = null;
    this.#delivery = { type: "accepted", seq: 3 };
    this.#reason = null;
    if (this.#returned) this.#reason = "實施證明未核章，請核章後上傳檔案，再重新送出審查文件。";
    if (this.#state in { first_fix: 1, first_failed: 1, second_failed: 1 })
      this.#reason = "觀察紀錄表之事實紀錄不足，請依審查意見補充。";
    this.#reviewers = [{ id: "reviewer-a", name: "審查委員甲" }];
    this.#scanned.clear();
    this.#printed.clear();
    for (const form of full ? STAMPED : []) {
      this.#scanned.add(form);
      this.#printed.add(form);
    }
    const filled = full ? Object.values(FULL_PICKS).flat() : ["pre_conference_b"];
    const answers = Object.fromEntries(filled.map((form) => [form, { ...samples[form] }]));
    const asked = ["appeal_intake", "appeal_fix", "appeal_assign", "appeal_review", "appeal_decide", "failed"];
    if (asked.includes(this.#state)) answers.adv_appeal = { ...samples.adv_appeal };
    const written = TO_WRITE[this.#state]?.[1];
    if (written !== undefined && wish.has("written")) answers[written] = { ...samples[written] };
    else if (written !== undefined) answers[written] = { teacher_name: "市北測試87老師", round: "初審" };
    return answers;
  }

  get #mine() {
    return this.world.actor() === this.world.owner;
  }

  #is(account: string | undefined): boolean {
    return account !== undefined && this.world.actor()?.person.id === account;
  }

  #open(key: string): boolean {
    return this.#mine && (OPEN[this.#state] ?? []).includes(key);
  }

  #sheet(): string | null {
    const [who, form] = TO_WRITE[this.#state] ?? [];
    return this.#is(who) ? (form ?? null) : null;
  }

  #editable(form: string): boolean {
    const slot = SLOTS.find(([, , offered]) => offered.includes(form));
    if (slot) return this.#open(slot[0]);
    return form === this.#sheet() || (form === "adv_appeal" && this.#mine && APPEALING[this.#state] === true);
  }

  #status(form: string): PaperStatus {
    const gone = { type: "sent" } as const;
    if (!this.#editable(form)) return gone;
    const answers = this.world.answers(form);
    if (Object.keys(answers).length === 0) return { type: "empty" };
    const problems = problemsIn(forms[form], answers).length;
    if (problems > 0) return { type: "unfinished", problems };
    if (!STAMPED.includes(form)) return { type: "ready" };
    if (!this.#printed.has(form)) return { type: "to_print" };
    return this.#scanned.has(form) ? { type: "ready" } : { type: "to_scan" };
  }

  /** A paper of the case. */
  paper(form: string): PaperRow {
    const def = forms[form] as FormDef;
    const stamped = STAMPED.includes(form);
    return {
      form,
      name: def.name,
      title: def.title,
      editable: this.#editable(form),
      corrects: false,
      viewable: true,
      status: this.#status(form),
      remarks: 0,
      stamp_rule: stamped ? "stamped" : "none",
      printed_revision: stamped && this.#printed.has(form) ? 1 : null,
      stamped_revision: null,
      enclosure: form === "adv_appeal" ? word("相關證明資料", "the evidence") : null,
      scan:
        stamped && this.#scanned.has(form)
          ? { blob: "00", bytes: 400_000, pages: 2, stamps: [{ cell: "sign_principal", verdict: "stamped" }] }
          : null,
    };
  }

  /** This person may remark on the papers now. */
  get remarks(): boolean {
    return this.#sheet() !== null;
  }

  #slots(): SlotView[] {
    return SLOTS.map(([key, name, offered]) => ({
      key,
      name,
      open: this.#open(key),
      more: key === "slot_obs",
      options: offered.map((form) => ({
        form,
        name: (forms[form] as FormDef).name,
        begun: this.#open(key) && Object.keys(this.world.answers(form)).length > 0,
      })),
      picked: this.#picks[key] ?? [],
    }));
  }

  /** The rounds of which there are sheets. */
  #rounds(): Round[] {
    return REVIEWED[this.#state] ?? [];
  }

  /** What a round ended with: what was decided here, or what leads to the state. */
  #ended(round: Round): Outcome {
    return LED_BY[this.#state]?.[round] ?? ROUNDS[round][1];
  }

  #decided(): Round[] {
    const deciding: Partial<Record<At, true>> = { first_decide: true, second_decide: true, appeal_decide: true };
    return deciding[this.#state] ? this.#rounds().slice(0, -1) : this.#rounds();
  }

  #sheets(): SheetRow[] {
    const office = !this.#mine;
    const sheets: SheetRow[] = [];
    const review = forms.adv_form_review as FormDef;
    const far = APPEAL.indexOf(this.#state) > 1 || PLAIN.indexOf(this.#state) > 1 || this.#state in { first_failed: 1 };
    if (this.#returned || far)
      sheets.push({
        seq: 3,
        form: review.id,
        name: review.name,
        round: null,
        round_label: "",
        by: "連江縣教專中心",
        at: day(3),
        result: this.#returned && !far ? "退件" : "通過",
      });
    const table = forms.adv_review as FormDef;
    for (const [number, round] of (office ? this.#rounds() : this.#decided()).entries()) {
      const [round_label] = ROUNDS[round];
      sheets.push({
        seq: 5 + number * 4,
        form: table.id,
        name: table.name,
        round,
        round_label,
        by: office ? "審查委員甲" : null,
        at: day(10 + number * 5),
        result: LABELS[this.#ended(round)],
      });
    }
    return this.#is("reviewer-a") ? sheets.filter((sheet) => sheet.round !== null) : sheets;
  }

  #view(): CertificationView {
    const wish = this.world.wish();
    const office = !this.#mine && !this.#is("reviewer-a");
    return {
      slots: this.#slots(),
      to_write: this.#sheet(),
      sheets: this.#sheets(),
      decisions: this.#is("reviewer-a")
        ? []
        : this.#decided().map((round, number, all) => {
            const outcome = (number === all.length - 1 ? this.#outcome : null) ?? this.#ended(round);
            const reason = "觀察紀錄表之事實紀錄不足，請依審查意見補充。";
            return {
              round,
              round_label: ROUNDS[round][0],
              outcome,
              outcome_label: LABELS[outcome],
              reason: outcome.startsWith("passed") ? "" : reason,
              at: day(12 + number * 5),
            };
          }),
      assignments:
        office && (PLAIN.indexOf(this.#state) < 0 || PLAIN.indexOf(this.#state) > 2)
          ? this.#reviewers.map((reviewer) => ({ round: "first" as const, reviewer, at: day(5) }))
          : [],
      appeal_until: APPEALING[this.#state] ? (wish.get("until") ?? "2022-03-22T15:59:59.999Z") : null,
      certificate_papers:
        this.#state in { cert_issued: 1 } && !this.#is("reviewer-a")
          ? ["certificate", ...(this.#mine ? (["training"] as const) : [])]
          : [],
      issued: this.#state in { cert_issued: 1 } ? { number: "連江證號第B111000013號", on: "2022-03-30" } : null,
      likeness:
        wish.has("like") && !this.#mine
          ? { percent: Number(wish.get("like")), other: "adv-9", other_year: 110, form: "obs_anecdotal" }
          : null,
      likeness_marks: wish.has("like") && !this.#mine ? (packs.lists.similarities as Opt[]) : [],
      reviewers_wanted: 1,
      under_review: this.#underReview,
    };
  }

  get #underReview(): boolean {
    return this.#state in { first_review: 1, second_review: 1, appeal_review: 1 };
  }

  /** Who reviews it now. */
  get asked(): Person[] {
    return this.#underReview ? this.#reviewers : [];
  }

  /** The county may give a case that is under review to somebody else. */
  get #replaces(): boolean {
    return this.#is("county-lienchiang") && this.#underReview;
  }

  #missing(action: Action, papers: PaperRow[]): Missing[] {
    const due = papers.filter((paper) => paper.editable);
    if (action in { pass: 1, return: 1, review: 1 }) {
      const says = { 通過: "pass" as const, 退件: "return" as const }[String(this.world.answers("adv_form_review").result)];
      if (!due.some((paper) => paper.status.type === "ready")) return [{ code: "sheet_incomplete" }];
      if (action === "review" || says === undefined || says === action) return [];
      return [{ code: "sheet_disagrees", params: { says } }];
    }
    if (!(action in { submit: 1, resubmit: 1, appeal: 1 })) return [];
    const missing: Missing[] = [];
    const bare = SLOTS.filter(([key]) => this.#open(key) && (this.#picks[key] ?? []).length === 0).map(([key]) => key);
    if (bare.length > 0) missing.push({ code: "slots_empty", params: { slots: bare } });
    const lacking = due.filter(({ status }) => status.type in { empty: 1, unfinished: 1 }).map((paper) => paper.form);
    if (lacking.length > 0) missing.push({ code: "papers_incomplete", params: { forms: lacking } });
    const unstamped = due.filter((paper) => paper.stamp_rule === "stamped" && paper.scan === null).map((paper) => paper.form);
    if (unstamped.length > 0) missing.push({ code: "stamp_missing", params: { forms: unstamped } });
    return missing;
  }

  #steps(): StepRow[] {
    const step = (seq: number, what: DeedKind, role: Role, by: string | null, to: At): StepRow => ({
      seq,
      at: day(seq),
      what,
      role,
      by,
      reason: null,
      to_label: STATES[to],
      moved: true,
    });
    const owner = this.world.owner.person.name;
    const all = [
      step(1, "opened", "teacher", owner, "preparing"),
      step(2, "submitted", "teacher", owner, "form_review"),
      step(3, "passed", "county", "連江縣教專中心", "first_assign"),
      step(4, "assigned", "county", "連江縣教專中心", "first_review"),
      step(5, "reviewed", "reviewer", this.#mine ? null : "審查委員甲", "first_decide"),
    ];
    const here = APPEAL.indexOf(this.#state);
    return all.slice(0, here < 0 ? 5 : here + 1);
  }

  /** The case as whoever asks sees it. */
  view(): CaseView {
    const sheet = this.#sheet();
    const shown = Object.values(this.#picks).flat();
    const appeal = this.#mine && APPEALING[this.#state] === true;
    const appealed = Object.keys(this.world.answers("adv_appeal")).length > 0;
    const papers = [...shown, ...(appeal || appealed ? ["adv_appeal"] : []), ...(sheet === null ? [] : [sheet])].map((form) =>
      this.paper(form),
    );
    const [who, acts] = ACTS[this.#state] ?? [];
    const way = [PLAIN, FIRST_APPEAL, SECOND, APPEAL].find((one) => one.includes(this.#state)) ?? PLAIN;
    const here = way.indexOf(this.#state);
    const { owner } = this.world;
    return {
      id: CERTIFICATION,
      process: "advanced",
      plan_year: 111,
      state: this.#state,
      state_label: STATES[this.#state],
      school: owner.school ?? { code: "", name: "", county: "" },
      owner: owner.person,
      message: null,
      reason: this.#reason,
      approved_amount: null,
      stations: way.map((state, number) => ({
        state,
        label: STATES[state],
        place: number < here ? "done" : number === here ? "here" : "ahead",
      })),
      steps: this.#steps(),
      papers,
      papers_hidden: false,
      allowed: this.#replaces
        ? [{ action: "assign", missing: [] }]
        : this.#is(who)
          ? (acts ?? []).map(([action]) => ({ action, missing: this.#missing(action, papers) }))
          : [],
      remarks: 0,
      unsent_remarks: 0,
      delivery: this.#delivery,
      clashing: 0,
      closing: null,
      certification: this.#view(),
    };
  }

  /** Its row in lists. */
  row(): CaseRow {
    return {
      id: CERTIFICATION,
      process: "advanced",
      plan_year: 111,
      owner: this.world.owner.person.name,
      school: this.world.owner.school?.name ?? "",
      title: "",
      state: this.#state,
      state_label: STATES[this.#state],
      level: "",
      asked: null,
      approved: null,
      waits_for_me: this.#is(ACTS[this.#state]?.[0]),
      pending: this.#delivery.type === "queued",
      created_at: day(1),
      updated_at: day(3),
    };
  }

  /** A paper was printed, or its scan came or went. */
  printed(form: string): void {
    this.#printed.add(form);
  }
  scanned(form: string, there: boolean): void {
    if (there) this.#scanned.add(form);
    else this.#scanned.delete(form);
  }

  /** Does an act. */
  async act({ action, reason, reviewers }: Parameters<Rpc["case_act"]>[0]): Promise<CaseView> {
    await wait(30);
    const wish = this.world.wish();
    if (wish.get("refuse")) return this.world.refuse(wish.get("refuse") ?? "");
    const replaced = this.#replaces && action === "assign" ? this.#state : undefined;
    const to = replaced ?? ACTS[this.#state]?.[1].find(([one]) => one === action)?.[1];
    if (to === undefined) return this.world.refuse("not_in_this_state");
    this.#outcome = OUTCOMES[action] ?? this.#outcome;
    if (reviewers) this.#reviewers = reviewers;
    if (action in REASONED) this.#reason = reason;
    if (action in { submit: 1, resubmit: 1 }) this.#reason = null;
    if (to === PLAIN[0]) this.#returned = true;
    this.#state = to;
    this.#delivery = this.world.online() ? { type: "accepted", seq: 9 } : { type: "queued" };
    return this.view();
  }

  readonly commands: Pick<Rpc, "slot_pick" | "sheet_preview" | "sheet_print"> = {
    slot_pick: async ({ slot, forms: picked }) => {
      await wait(20);
      if (this.world.wish().get("refuse")) return this.world.refuse(this.world.wish().get("refuse") ?? "");
      if (!this.#open(slot)) return this.world.refuse("not_editable");
      this.#picks[slot] = [...picked];
      return this.view();
    },
    sheet_preview: async ({ seq }) => {
      await wait(40);
      if (this.world.wish().get("refuse")) return this.world.refuse(this.world.wish().get("refuse") ?? "");
      const sheet = this.#sheets().find((one) => one.seq === seq);
      if (!sheet) return this.world.refuse("not_found");
      return drawPages(forms[sheet.form] as FormDef, samples[sheet.form] ?? {}, []);
    },
    sheet_print: async ({ seq }) => {
      await wait(40);
      const sheet = this.#sheets().find((one) => one.seq === seq);
      if (!sheet) return this.world.refuse("not_found");
      const path = `/home/me/文件/教專通/${sheet.name.zh}-${seq}.pdf`;
      return { path, pages: 1, bytes: 60_000, revision: seq, missing_glyphs: [] };
    },
  };
}
