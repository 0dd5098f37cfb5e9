// The language in use. Reading `say()` in a component makes the component follow a change of language.

import type { Action, DeedKind, Failure, Label, Language, Missing, Problem, Process, State } from "../gen/types";
import { en } from "./en";
import type { ActWords, FormName, KnownProblem } from "./shape";
import { type Texts, zh } from "./zh-TW";

const TEXTS: Record<Language, Texts> = { "zh-TW": zh, en };
/** What a screen reader is told about the language of the page. */
const TAGS: Record<Language, string> = { "zh-TW": "zh-Hant-TW", en: "en" };

let language = $state<Language>("zh-TW");

/** Every text in the language in use. */
export function say(): Texts {
  return TEXTS[language];
}

/** Which language is in use. */
export function languageInUse(): Language {
  return language;
}

/** Changes the language. */
export function speak(next: Language): void {
  language = next;
  document.documentElement.lang = TAGS[next];
}

/** A text that comes in both languages with the data. */
export function tell(label: Label): string {
  return language === "en" ? label.en : label.zh;
}

/** The sentence about a refusal. */
export function sentenceOf(failure: Failure): string {
  const sentence = say().failure[failure.code] ?? say().failure.internal;
  return sentence(failure.params);
}

/** The sentence about a problem; a check that this text does not know yet is said in general words. */
export function problemSentence(problem: Problem): string {
  const sentence = say().problem[problem.code as KnownProblem];
  return sentence ? sentence(problem.params) : say().unknownProblem;
}

/** Why something cannot be done yet. */
export function missingSentence(missing: Missing, formName: FormName): string {
  return say().missing[missing.code]("params" in missing ? missing.params : {}, formName);
}

/** What an act's button and box say on a case: a process, or a state of it, may have words of its own. */
export function actWords(action: Action, { process, state }: { process: Process; state: State }): ActWords {
  const { actAt, actIn } = say().certify;
  return actAt[state]?.[action] ?? actIn[process]?.[action] ?? say().act[action];
}

/** What was done on a case, in the words of its process. */
export function deedWords(deed: DeedKind, process: Process): string {
  return say().certify.deedIn[process]?.[deed] ?? say().steps.deed[deed];
}
