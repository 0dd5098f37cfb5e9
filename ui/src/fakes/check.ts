// A light imitation of the program's check, so that a form drawn in a browser answers as one types. No rules worth the name.

import { isShown } from "../form/draft.svelte";
import { isBlank, optionsOf } from "../form/values";
import packs from "../gen/packs.json";
import type { Cell, FieldDef, FormDef, Label, Opt, Problem, Table } from "../gen/types";

type Answers = Record<string, unknown>;
const lists = packs.lists as unknown as Record<string, Opt[]>;

const rowsIn = (value: unknown) => (Array.isArray(value) ? (value as Answers[]) : []);
const fieldsOf = (form: FormDef | undefined) => (form?.sections ?? []).flatMap((section) => section.fields);

/** Some of what the program would say about answers. */
export function problemsIn(form: FormDef | undefined, answers: Answers): Problem[] {
  const found: Problem[] = [];
  const say = (field: string, code: string, params: Record<string, unknown> = {}, level: Problem["level"] = "error") =>
    found.push({ field, code, params, level });
  const look = (field: FieldDef, path: string, beside: Answers) => {
    const value = beside[field.key];
    const { kind } = field;
    // A file is no answer.
    if (kind.type === "file") return;
    if (!isShown(field, beside)) {
      if (!isBlank(value)) say(path, "not_shown");
      return;
    }
    if (kind.type === "per_item") {
      const given = (value ?? {}) as Answers;
      const items = optionsOf(kind.items, lists).map((item) => item.code ?? item.zh);
      for (const item of items) if (field.required && isBlank(given[item])) say(`${path}.${item}`, "required");
      return;
    }
    if (kind.type === "group") {
      for (const one of kind.fields) look(one, `${path}.${one.key}`, (value ?? {}) as Answers);
      return;
    }
    if (isBlank(value)) {
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
    if (kind.type === "time" && !/^\d\d:\d\d$/.test(String(value))) say(path, "bad_date", { value });
    if (kind.type === "integer" && typeof value !== "number") say(path, "not_a_number");
    if (kind.type === "line") {
      const line = value as Answers;
      const cap = kind.cap ? (packs.numbers as Record<string, number>)[kind.cap.number] : undefined;
      if (cap && Number(line.unit_price) > cap) say(`${path}.unit_price`, "above_max", { max: cap, value: line.unit_price });
    }
    if (kind.type === "codes") {
      for (const [number, code] of rowsIn(value).entries())
        if (typeof code !== "number" || code < kind.min || code > kind.max)
          say(`${path}.${number}`, "above_max", { max: kind.max });
    }
    if (kind.type === "rows") {
      for (const [number, row] of rowsIn(value).entries())
        for (const column of kind.fields) if (!column.read_only) look(column, `${path}.${number}.${column.key}`, row);
    }
  };
  for (const field of fieldsOf(form)) look(field, field.key, answers);
  if (form?.id === "plc_application" && rowsIn(answers.schedule).length < 6) {
    say("schedule", "schedule_each_semester", { min: 3, first: 3, second: 2 }, "warning");
  }
  return found;
}

const words = (zh: string, en: string): Label => ({ zh, en });
const shareOf = (part: number, whole: number) => (whole === 0 ? null : Math.round((part / whole) * 10_000) / 100);

/** How often one code follows another. */
function matrixOf(codes: number[]): Table | null {
  if (codes.length === 0) return null;
  const cells = Array.from({ length: 10 }, () => Array<number>(10).fill(0));
  for (const [place, code] of [...codes, 10].entries()) {
    const row = cells[(codes[place - 1] ?? 10) - 1];
    if (row) row[code - 1] = (row[code - 1] ?? 0) + 1;
  }
  const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
  const names = cells.map((_, code) => String(code + 1));
  return {
    columns: [words("", ""), ...names.map((name) => words(name, name)), words("合計", "Total")],
    rows: [
      ...cells.map((row, code): Cell[] => [String(code + 1), ...row, sum(row)]),
      [words("合計", "Total"), ...names.map((_, code) => sum(cells.map((row) => row[code] ?? 0))), sum(cells.flat())],
    ],
  };
}

/** Three of the ratios. */
function ratiosOf(codes: number[]): Table | null {
  if (codes.length === 0) return null;
  const between = (least: number, most: number) => codes.filter((code) => code >= least && code <= most).length;
  return {
    columns: [words("代號", "Key"), words("名稱", "Name"), words("比率(%)", "Ratio (%)"), words("參考值", "Usual")],
    rows: [
      ["TT", words("教師話語比率", "Teacher talk"), shareOf(between(1, 7), codes.length), "≈68"],
      ["PT", words("學生話語比率", "Pupil talk"), shareOf(between(8, 9), codes.length), "≈20"],
      ["PIR", words("學生自發比率", "Pupil initiation"), shareOf(between(9, 9), between(8, 9)), "≈34"],
      ["TRR89", words("教師即時反應比率", "Instantaneous teacher response"), null, "≈60"],
    ],
  };
}

/** How often each option of the first choice in a table of the form stands there. */
function tallyOf(form: FormDef, answers: Answers): Table | null {
  for (const { key, kind } of fieldsOf(form)) {
    const column = kind.type === "rows" ? kind.fields.findLast((one) => one.kind.type === "choice") : undefined;
    if (column?.kind.type !== "choice") continue;
    const chosen = rowsIn(answers[key]).map((row) => row[column.key]);
    if (chosen.length === 0) continue;
    return {
      columns: [column.label, words("次數", "Times"), words("百分比(%)", "Share (%)")],
      rows: optionsOf(column.kind.options, lists).map(({ zh, en, help }) => {
        const times = chosen.filter((one) => one === zh).length;
        return [words(`${zh} ${help?.zh ?? ""}`, `${en} ${help?.en ?? ""}`), times, shareOf(times, chosen.length)];
      }),
    };
  }
  return null;
}

/** Some of what the program would compute. */
export function computedIn(form: FormDef | undefined, answers: Answers): Record<string, unknown> {
  const computed: Record<string, unknown> = {};
  let total = 0;
  for (const { key, kind } of fieldsOf(form)) {
    if (kind.type === "line") {
      const line = (answers[key] ?? {}) as Answers;
      const subtotal = Number(line.quantity ?? 0) * Number(line.unit_price ?? 0);
      computed[`${key}.subtotal`] = subtotal;
      total += subtotal;
    }
    if (kind.type !== "computed" || form === undefined) continue;
    if (kind.formula === "flanders_matrix") computed[key] = matrixOf(rowsIn(answers.codes) as unknown as number[]);
    else if (kind.formula === "flanders_ratios") computed[key] = ratiosOf(rowsIn(answers.codes) as unknown as number[]);
    else if (kind.formula === "plc_total") computed[key] = rowsIn(answers.items).length;
    else if (kind.formula === "funding_total")
      computed[key] = rowsIn(answers.items).reduce((sum, row) => sum + Number(row.amount ?? 0), 0);
    else computed[key] = tallyOf(form, answers);
  }
  if (form?.id === "plc_application") computed.member_count = rowsIn(answers.members).length + 1;
  if (form?.id === "plc_budget") {
    computed["nhi_supplement.suggested"] = 739;
    computed["misc.suggested"] = Math.round(total * 0.06);
    computed.total = total;
  }
  return computed;
}
