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
  const [key = "", second, third] = path.split(".");
  const field: FieldDef | undefined = def.sections.flatMap((section) => section.fields).find((one) => one.key === key);
  if (field === undefined) return path;
  const name = tell(field.label);
  if (second === undefined) return name;
  if (field.kind.type === "rows") {
    const column = field.kind.fields.find((one) => one.key === third);
    const row = words.form.row(name, Number(second) + 1);
    return column === undefined ? row : `${row} ${tell(column.label)}`;
  }
  return `${name} ${PARTS[second]?.(words) ?? second}`;
}
