// What a field is called in a sentence: 「年度預定進度表第 2 列 地點」.

import type { FieldDef, FormDef, Label } from "../gen/types";
import type { Texts } from "../text/zh-TW";

const PARTS: Record<string, (words: Texts) => string> = {
  quantity: (words) => words.field.quantity,
  unit_price: (words) => words.field.unitPrice,
  note: (words) => words.field.note,
};

/** The words for a field's path. */
export function nameOf(def: FormDef, path: string, words: Texts, tell: (label: Label) => string): string {
  const fields = def.sections.flatMap((section) => section.fields);
  return nameAmong(fields, path.split("."), words, tell) ?? path;
}

function nameAmong(fields: FieldDef[], path: string[], words: Texts, tell: (label: Label) => string): string | null {
  const [key, ...inside] = path;
  const field = fields.find((one) => one.key === key);
  if (field === undefined) return null;
  const name = tell(field.label);
  const [first, ...rest] = inside;
  if (first === undefined) return name;
  switch (field.kind.type) {
    case "rows": {
      const row = words.form.row(name, Number(first) + 1);
      const cell = nameAmong(field.kind.fields, rest, words, tell);
      return cell === null ? row : `${row} ${cell}`;
    }
    case "group":
      return `${name} ${nameAmong(field.kind.fields, inside, words, tell) ?? inside.join(".")}`;
    case "codes":
      return words.codes.place(name, Number(first) + 1);
    default:
      return `${name} ${PARTS[first]?.(words) ?? inside.join(".")}`;
  }
}
