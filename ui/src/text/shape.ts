// What every language must say. The Chinese file is the model; a language that lacks a key, or a code without a sentence, does
// not compile. No sentence is written here.

import type {
  Action,
  Code,
  Failure,
  Missing,
  Page,
  PaperStatus,
  Place,
  Process,
  Role,
  StampVerdict,
  Theme,
  WindowKind,
} from "../gen/types";

/** Figures and words that a sentence needs. */
export type Params = Record<string, unknown>;

/** A sentence about something that happened. */
export type Sentence = (params: Params) => string;

/** The name of a form, as a person knows it. */
export type FormName = (form: string) => string;

/** Problems every form can have, and the named checks of the forms that exist. */
export const PROBLEM_CODES = [
  "required",
  "too_short",
  "too_long",
  "not_an_option",
  "not_a_number",
  "below_min",
  "above_max",
  "bad_date",
  "out_of_order",
  "not_shown",
  "too_few_rows",
  "too_many_rows",
  "unknown_field",
  "wrong_type",
  "schedule_lesson_cycle",
  "schedule_results_shared",
  "schedule_each_semester",
  "enough_members",
  "enough_sessions",
  "nhi_supplement_over",
  "misc_over",
  "printing_over",
  "total_over",
  "level_counts_differ",
  "post_conference_late",
  "semester_short",
  "convening_short",
  "not_all_done",
  "time_runs_back",
  "facts_missing",
  "unknown_seat",
  "seat_twice",
  "mark_twice",
  "few_rounds",
  "segments_uncommon",
  "day_differs",
  "observes_oneself",
  "not_the_applicant",
  "convener_differs",
  "few_activities",
  "funding_differs",
  "budget_not_wanted",
  "enclosure_missing",
  "level_total_over",
  "school_total_over",
  "window_ends_first",
  "level_twice",
  "unknown_check",
  "cannot_be_stamped",
] as const;

/** A code that has a sentence of its own. */
export type KnownProblem = (typeof PROBLEM_CODES)[number];

/** What an act's button and box say. */
export type ActWords = { label: string; title: string; body: string; note?: string; confirm: string };

/** Sentences per code. */
export type Sentences = {
  problem: Record<KnownProblem, Sentence>;
  failure: Record<Code, Sentence>;
  window: Record<WindowKind, string>;
  missing: Record<Missing["code"], (params: Params, formName: FormName) => string>;
  paper: { [K in PaperStatus["type"]]: (status: Extract<PaperStatus, { type: K }>) => string };
  act: Record<Action, ActWords>;
  page: Record<Page, string>;
  role: Record<Role, string>;
  process: Record<Process, string>;
  place: Record<Place, string>;
  theme: Record<Theme, string>;
  verdict: Record<StampVerdict, string>;
  delivery: { local: string; queued: string; accepted: string; refused: (failure: Failure) => string };
};

/** A figure out of the parameters, with thousands separators. */
export function figure(value: unknown): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : String(value ?? "");
}

/** A list out of the parameters. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether the conditions that were missing hold this one. */
export function lacks(missing: unknown, code: Missing["code"]): boolean {
  return list(missing).some((one) => typeof one === "object" && one !== null && "code" in one && one.code === code);
}

/** The parameters of one of the conditions that were missing. */
export function paramsOf(missing: unknown, code: Missing["code"]): Params {
  const found = list(missing).find((one) => (one as { code?: unknown } | null)?.code === code);
  return (found as { params?: Params } | undefined)?.params ?? {};
}

/** The name of a paper out of the parameters, in the language that asks; none where a sentence is about one paper. */
export function paperName(value: unknown, language: "zh" | "en"): string {
  const label = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[language] : value;
  return typeof label === "string" ? label : "";
}

/** The names of what has to be enclosed, out of the parameters. */
export function enclosures(params: Params, language: "zh" | "en"): string[] {
  return list(params.papers).map((one) => paperName((one as { name?: unknown } | null)?.name, language));
}

/** The reviewers who may not review, each with the reason, out of the parameters. */
export function unfit(params: Params, whys: Record<string, string>, words: (name: string, why: string) => string): string[] {
  return list(params.reviewers).map((one) => {
    const { person, why } = one as { person?: { name?: unknown }; why?: unknown };
    return words(String(person?.name ?? ""), wordsOf(whys, why) || String(why ?? ""));
  });
}

/** Which window a parameter names; refusals kept before windows had kinds were about applying. */
export function windowKind(value: unknown): WindowKind {
  const kinds: Record<WindowKind, true> = { apply: true, summary: true, report: true, certify: true, second_review: true };
  return typeof value === "string" && Object.hasOwn(kinds, value) ? (value as WindowKind) : "apply";
}

/** Whether a parameter is a day; else it is a time or a figure. */
export function isDay(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);
}

/** A moment out of the parameters: day and hour on this computer's clock. */
export function moment(value: unknown): string {
  const at = new Date(String(value ?? ""));
  if (Number.isNaN(at.getTime())) return String(value ?? "");
  const two = (part: number) => String(part).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The words of a code out of the parameters, or one part of them; none for a code that has none. */
export function wordsOf(words: Record<string, string | Record<string, unknown>>, code: unknown, part?: string): string {
  const found = typeof code === "string" && Object.hasOwn(words, code) ? words[code] : undefined;
  const told = typeof found === "object" && part !== undefined ? found[part] : found;
  return typeof told === "string" ? told : "";
}
