// A light imitation of the program's check, so that a form drawn in a browser answers as one types. No rules worth the name.

import type { FieldDef, FormDef, Problem } from "../gen/types";
import packs from "./packs.json";

type Answers = Record<string, unknown>;

function blank(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Some of what the program would say about answers. */
export function problemsIn(form: FormDef | undefined, answers: Answers): Problem[] {
  const found: Problem[] = [];
  const say = (field: string, code: string, params: Record<string, unknown> = {}, level: Problem["level"] = "error") =>
    found.push({ field, code, params, level });
  const look = (field: FieldDef, path: string, beside: Answers) => {
    const value = beside[field.key];
    const { kind } = field;
    if (field.show_if && !field.show_if.is.includes(String(beside[field.show_if.field]))) return;
    if (blank(value)) {
      if (field.required) say(path, "required");
      return;
    }
    if (kind.type === "text" || kind.type === "long_text") {
      const count = Array.from(String(value).trim()).length;
      if (kind.min_chars && count < kind.min_chars)
        say(path, "too_short", { min: kind.min_chars, count, missing: kind.min_chars - count });
      if (kind.max_chars && count > kind.max_chars)
        say(path, "too_long", { max: kind.max_chars, count, over: count - kind.max_chars });
    }
    if (kind.type === "date" && !/^\d{4}-\d\d-\d\d$/.test(String(value))) say(path, "bad_date", { value });
    if (kind.type === "line") {
      const line = value as Answers;
      const cap = kind.cap ? (packs.numbers as Record<string, number>)[kind.cap.number] : undefined;
      if (cap && Number(line.unit_price) > cap) say(`${path}.unit_price`, "above_max", { max: cap, value: line.unit_price });
    }
    if (kind.type === "rows") {
      for (const [number, row] of (value as Answers[]).entries())
        for (const column of kind.fields) look(column, `${path}.${number}.${column.key}`, row);
    }
  };
  for (const section of form?.sections ?? []) for (const field of section.fields) look(field, field.key, answers);
  if (form?.id === "plc_application" && ((answers.schedule as unknown[]) ?? []).length < 6) {
    say("schedule", "schedule_each_semester", { min: 3, first: 3, second: 2 }, "warning");
  }
  return found;
}

/** Some of what the program would compute. */
export function computedIn(form: FormDef | undefined, answers: Answers): Record<string, unknown> {
  const computed: Record<string, unknown> = { member_count: ((answers.members as unknown[]) ?? []).length };
  let total = 0;
  for (const field of (form?.sections ?? []).flatMap((section) => section.fields)) {
    if (field.kind.type !== "line") continue;
    const line = (answers[field.key] ?? {}) as Answers;
    const subtotal = Number(line.quantity ?? 0) * Number(line.unit_price ?? 0);
    computed[`${field.key}.subtotal`] = subtotal;
    total += subtotal;
  }
  computed["nhi_supplement.suggested"] = 739;
  computed["misc.suggested"] = Math.round(total * 0.06);
  computed.total = total;
  return computed;
}
