// An answer as a person reads it in a line: 「3 列」, 「111/02/18」, the words of an option in the language in use.

import type { FieldDef, Label, Opt, Options } from "../gen/types";
import type { Texts } from "../text/zh-TW";
import { formatAmount, formatDate, formatYearMonth, optionsOf, textOf } from "./values";

/** The words for a field's answer. */
export function readable(
  { kind }: FieldDef,
  value: unknown,
  lists: Record<string, Opt[]>,
  words: Texts,
  tell: (label: Label) => string,
): string {
  const option = (options: Options, one: unknown) => {
    const found = optionsOf(options, lists).find(({ zh }) => zh === one);
    return found === undefined ? textOf(one) : tell(found);
  };
  const many = Array.isArray(value) ? value : [];
  switch (kind.type) {
    case "date":
      return formatDate(value);
    case "year_month":
      return formatYearMonth(value);
    case "money":
      return typeof value === "number" ? words.field.money(formatAmount(value)) : textOf(value);
    case "choice":
      return option(kind.options, value);
    case "choices":
      return many.map((one) => option(kind.options, one)).join(words.separator);
    case "rows":
      return words.suggestions.rows(many.length);
    case "codes":
      return words.suggestions.codes(many.length);
    case "per_item":
    case "group":
    case "line":
      return words.suggestions.parts(typeof value === "object" && value !== null ? Object.keys(value).length : 0);
    default:
      return textOf(value).replaceAll(/\s+/g, " ").trim();
  }
}
