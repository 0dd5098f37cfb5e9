// What rules say, in words: amounts, windows, levels, and what changed between two versions.

import { commonMoment, rocMoment } from "../app/taipei";
import { formatAmount } from "../form/values";
import type { CountyLevel, CountyWindow, RuleChange, RulesForm, StampRule, WindowKind } from "../gen/types";
import { languageInUse, say, tell } from "../text/index.svelte";

/** Which of the numbers count what. */
export const MONEY = ["max_per_plc", "max_per_school", "total_budget"] as const;
export const COUNTS = ["min_members", "min_sessions", "sessions_each_semester"] as const;
export const WINDOWS: WindowKind[] = ["apply", "summary", "report", "certify", "second_review"];

/** A moment in the language in use. */
export function momentWords(at: unknown): string {
  return languageInUse() === "en" ? commonMoment(at) : rocMoment(at);
}

/** A window in words. */
export function windowWords(window: CountyWindow | null | undefined): string {
  if (!window || (window.from === null && window.to === null)) return say().rules.notSet;
  const end = (at: string | null) => (at === null ? say().rules.blank : momentWords(at));
  return say().rules.between(end(window.from), end(window.to));
}

/** A number with its unit; none is no limit. */
export function numberWords(name: string, value: unknown): string {
  if (typeof value !== "number") return say().rules.notSet;
  const amount = formatAmount(value);
  if ((MONEY as readonly string[]).includes(name)) return say().rules.money(amount);
  return name === "min_members" ? say().rules.people(amount) : say().rules.times(amount);
}

/** A level with its ceiling. */
export function levelWords({ zh, en, max }: CountyLevel): string {
  const name = languageInUse() === "en" && en !== "" ? en : zh;
  return max === null ? name : say().rules.levelWith(name, formatAmount(max));
}

function levelsWords(value: unknown): string {
  return Array.isArray(value) && value.length > 0
    ? (value as CountyLevel[]).map(levelWords).join(languageInUse() === "en" ? ", " : "、")
    : say().rules.blank;
}

/** What a field is called. */
export function fieldWords(field: string, forms: RulesForm[]): string {
  const [first = "", second = ""] = field.split(".");
  const texts = say().rules;
  if (first === "windows") return texts.windowName[second as WindowKind] ?? second;
  if (first === "stamps") {
    const form = forms.find((one) => one.form === second);
    return form ? tell(form.name) : second;
  }
  if (first === "strict_checks") return texts.check[second] ?? second;
  return texts.field[first] ?? first;
}

/** What changed at one field. */
export function changeWords({ field, before, after }: RuleChange, forms: RulesForm[]): string {
  const texts = say().rules;
  const name = fieldWords(field, forms);
  const [first = ""] = field.split(".");
  const value = (one: unknown): string => {
    switch (first) {
      case "windows":
        return windowWords(one as CountyWindow | null);
      case "stamps":
        return texts.stamp[one as StampRule] ?? String(one);
      case "levels":
        return levelsWords(one);
      case "strict_checks":
        return one === true ? texts.yes : texts.no;
      case "message":
      case "member_change":
        return typeof one === "string" ? one : texts.blank;
      default:
        return numberWords(first, one);
    }
  };
  return texts.change(name, value(before), value(after));
}
