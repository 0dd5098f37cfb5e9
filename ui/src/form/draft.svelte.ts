// One form as it is being filled in: the answers as typed, what the program says about them, and where the person is.

import { SvelteSet } from "svelte/reactivity";
import { isComposingNow } from "../app/keys";
import { atRestDo } from "../app/pointer";
import type { FieldDef, FormView, Problem, RemarkList, Saved, Section, Suggestion } from "../gen/types";
import { asFailure, rpc } from "../platform";
import { type DrawnPaper, heldOf, madeWhole } from "./pages";
import { type Changes, register, SaveQueue, type SaveState } from "./queue";
import { isBlank } from "./values";

/** Whether a field counts, as the program will see it: its condition names another answer beside it. */
export function isShown(field: FieldDef, beside: Record<string, unknown>): boolean {
  if (field.show_if === null) return true;
  const value = beside[field.show_if.field];
  const labels = Array.isArray(value) ? value : [value];
  return labels.some((label) => field.show_if?.is.includes(String(label)));
}

/** Whether a problem's field is this one or inside it. */
export function isWithin(path: string, key: string): boolean {
  return path === key || path.startsWith(`${key}.`);
}

/** Problems by the field they are of: a long table asks for each of its cells. */
function byField(problems: Problem[]): Map<string, Problem[]> {
  const found = new Map<string, Problem[]>();
  for (const problem of problems) found.set(problem.field, [...(found.get(problem.field) ?? []), problem]);
  return found;
}

/** A form in the hands of a person. */
export class Draft {
  view = $state.raw() as FormView;
  answers = $state.raw<Record<string, unknown>>({});
  computed = $state.raw<Record<string, unknown>>({});
  problems = $state.raw<Problem[]>([]);
  saving = $state.raw<SaveState>({ at: "untouched" });
  preview = $state.raw<DrawnPaper | null>(null);
  previewFailed = $state(false);
  /** The field the person is in. */
  focus = $state<string | null>(null);
  /** The field that a problem or the paper leads to; what draws only a part of its rows draws that one. */
  sought = $state.raw<{ path: string } | null>(null);
  /** Fields the person has left at least once. */
  readonly visited = new SvelteSet<string>();
  /** Something changed since the last 儲存 on this page. */
  changed = $state(false);

  /** Answers of other papers that can be taken over: those whose field is drawn and blank. */
  readonly offers = $derived(this.view.read_only ? [] : this.view.suggestions.filter((offer) => this.#canTake(offer)));

  /** Told how many remarks and answers of the case wait to be sent. */
  onRemarked: (unsent: number) => void = () => {};

  readonly queue: SaveQueue;
  readonly #byField = $derived(byField(this.problems));
  /** What the program said last and is not shown yet. */
  #heard: Saved | null = null;
  #previewing = false;
  #previewAgain = false;
  #wantsPreview = false;

  constructor(view: FormView) {
    this.take(view);
    this.queue = new SaveQueue({
      send: (changes) => rpc.case_save_draft({ case: view.case, form: view.def.id, changes }),
      saved: (answer) => this.#took(answer),
      state: (state) => {
        this.saving = state;
      },
      failure: asFailure,
      composing: isComposingNow,
    });
  }

  /** Shows a form as the program has it. */
  take(view: FormView): void {
    this.#heard = null;
    this.view = view;
    this.answers = view.answers;
    this.computed = view.computed;
    this.problems = view.problems;
    this.saving = view.saved_at === null ? { at: "untouched" } : { at: "saved", when: view.saved_at };
    this.changed = false;
  }

  /** Problems come and go with lines of their own: not while somebody aims at a button below them. */
  #took(answer: Saved): void {
    this.#heard = answer;
    atRestDo(() => this.#show());
  }

  #show(): void {
    const answer = this.#heard;
    if (answer === null) return;
    this.#heard = null;
    this.computed = answer.computed;
    this.problems = answer.problems;
    this.view = { ...this.view, paper: answer.paper };
  }

  /** Keeps saving while the page is open. Returns what ends it. */
  open(): () => void {
    const end = register(this.queue);
    return () => {
      this.#wantsPreview = false;
      end();
    };
  }

  /** Whether anything can be typed into a field of the form: all of them, or those the program names. */
  takes(key: string): boolean {
    return !this.view.read_only && (this.view.only === null || this.view.only.includes(key));
  }

  /** A person changed a field. */
  edit(key: string, value: unknown): void {
    if (!this.takes(key)) return;
    this.answers = { ...this.answers, [key]: value };
    this.changed = true;
    this.queue.edit(key, value);
    void this.#setPaper();
  }

  /** A field of the form by its key. */
  fieldAt(key: string): FieldDef | undefined {
    return this.view.def.sections.flatMap((section) => section.fields).find((field) => field.key === key);
  }

  #canTake({ field: key, value }: Suggestion): boolean {
    const field = this.fieldAt(key);
    // What the program opened to be corrected holds somebody else's answer; the offer goes in its place.
    const free = isBlank(this.answers[key]) || (this.view.only !== null && this.takes(key) && this.answers[key] !== value);
    return field !== undefined && free && isShown(field, this.answers);
  }

  /** A person takes over an answer: as if it had been typed. */
  accept({ field, value }: Suggestion): void {
    this.edit(field, value);
  }

  /** Takes over all that is offered, also for fields that one of the answers brings into view. Says how many. */
  acceptAll(): number {
    let taken = 0;
    for (const offer of this.view.read_only ? [] : this.view.suggestions) {
      if (!this.#canTake(offer)) continue;
      this.accept(offer);
      taken += 1;
    }
    return taken;
  }

  /** The person left a field: what is in it is saved, and its problems may speak up. */
  leave(path: string): void {
    atRestDo(() => this.visited.add(path));
    if (!this.queue.idle) void this.queue.flush();
  }

  /** Problems of exactly this field. */
  problemsAt(path: string): Problem[] {
    return this.#byField.get(path) ?? [];
  }

  /** Whether a field is drawn: where it counts, and where something was left in it that has to be cleared. */
  draws(field: FieldDef, path: string, beside: Record<string, unknown>): boolean {
    return isShown(field, beside) || this.isLeftOver(path);
  }

  /** Whether a field that does not count any more still has an answer. */
  isLeftOver(path: string): boolean {
    return !this.view.read_only && this.problemsAt(path).some((problem) => problem.code === "not_shown");
  }

  /** Problems that stand against sending, of a part of the form. */
  errorsIn(section: Section): number {
    return this.problems.filter(
      (problem) => problem.level === "error" && section.fields.some((field) => isWithin(problem.field, field.key)),
    ).length;
  }

  /** Asks for the paper now and after every change. */
  showPaper(wanted: boolean): void {
    this.#wantsPreview = wanted;
    if (wanted) void this.#setPaper();
  }

  /** The paper follows every key; while one is being set, what is typed meanwhile is set once after it. */
  async #setPaper(): Promise<void> {
    if (!this.#wantsPreview) return;
    if (this.#previewing) {
      this.#previewAgain = true;
      return;
    }
    this.#previewing = true;
    try {
      const changes: Changes = this.queue.unsaved;
      // One at a time: what is held now is held when the answer comes.
      const held = heldOf(this.preview);
      const answer = await rpc.paper_preview({ case: this.view.case, form: this.view.def.id, changes, held });
      this.preview = madeWhole(this.preview, answer);
      this.previewFailed = false;
    } catch {
      this.previewFailed = true;
    } finally {
      this.#previewing = false;
    }
    if (this.#previewAgain) {
      this.#previewAgain = false;
      void this.#setPaper();
    }
  }

  /** 儲存: everything typed so far is what 取消 returns to. */
  async keep(): Promise<void> {
    await this.queue.flush();
    if (!this.queue.idle) return;
    const view = await rpc.draft_keep({ case: this.view.case, form: this.view.def.id });
    this.#heard = null;
    this.view = view;
    this.problems = view.problems;
    this.computed = view.computed;
    this.changed = !this.queue.idle;
    if (this.queue.idle && view.saved_at !== null) this.saving = { at: "saved", when: view.saved_at };
  }

  /** A file came or went: what the program says about the form now. What is typed stays as it is. */
  async filed(): Promise<void> {
    await this.queue.flush();
    const { paper, problems } = await rpc.form_open({ case: this.view.case, form: this.view.def.id });
    this.#heard = null;
    this.view = { ...this.view, paper };
    this.problems = problems;
  }

  /** A remark or an answer was kept. */
  remarked({ rows, unsent }: RemarkList): void {
    this.view = { ...this.view, remarks: rows };
    this.onRemarked(unsent);
  }

  /** 取消: back to the last 儲存. */
  async revert(): Promise<void> {
    this.queue.forget();
    await this.queue.flush();
    this.take(await rpc.draft_revert({ case: this.view.case, form: this.view.def.id }));
    void this.#setPaper();
  }

  /** 清空重填: a loose paper as it was before anything was typed. */
  async clear(): Promise<void> {
    this.queue.forget();
    await this.queue.flush();
    this.take(await rpc.form_clear({ case: this.view.case, form: this.view.def.id }));
    this.visited.clear();
    void this.#setPaper();
  }

  /** Settles a field that was changed on two computers. */
  async pick(field: string, side: "mine" | "theirs"): Promise<void> {
    await this.queue.flush();
    this.take(await rpc.clash_pick({ case: this.view.case, form: this.view.def.id, field, side }));
    void this.#setPaper();
  }
}
