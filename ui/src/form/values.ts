// Between what a person types and what an answer is: days in 民國 years, times, amounts, counts, cells from a spreadsheet.
//
// Nothing here judges an answer. Text that is not understood stays the answer as it was typed, and the program says what it
// makes of it.

import { CalendarDate, TaiwanCalendar, toCalendar } from "@internationalized/date";
import type { FieldDef, Opt, Options, Table } from "../gen/types";

/** Full-width digits and signs as people type them with a Chinese input method, as plain ones. */
function plain(text: string): string {
  return text.normalize("NFKC").trim();
}

const two = (part: number) => String(part).padStart(2, "0");

/** 民國 0 in the common era. */
const ROC_OFFSET = 1911;

function isoOf(year: number, month: number, day: number): string | null {
  if (year < 1912 || year > 2200 || month < 1 || month > 12 || day < 1) return null;
  const date = new CalendarDate(year, month, day);
  // CalendarDate pulls the 30th of February back to the 28th; what was typed is then no day.
  return date.month === month && date.day === day ? date.toString() : null;
}

/** The common-era year of a year as written: up to three digits are 民國. */
function commonYear(text: string): number {
  const year = Number(text);
  return text.length <= 3 ? year + ROC_OFFSET : year;
}

/** A day as `YYYY-MM-DD`, from `1110218`, `111/2/18`, `111年2月18日` or `2022-02-18`; none when it is no day. */
export function parseDate(text: string): string | null {
  const written = plain(text).replace(/^民國\s*/, "");
  const parts =
    /^(\d{1,4})\s*[/.\-年]\s*(\d{1,2})\s*[/.\-月]\s*(\d{1,2})\s*日?$/.exec(written) ?? /^(\d{2,4})(\d{2})(\d{2})$/.exec(written);
  if (parts === null) return null;
  const [, year = "", month = "", day = ""] = parts;
  return isoOf(commonYear(year), Number(month), Number(day));
}

/** A day as people write it here, `111/02/18`; what is no day stays as it is. */
export function formatDate(value: unknown): string {
  const parts = typeof value === "string" ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null;
  return parts === null ? textOf(value) : `${Number(parts[1]) - ROC_OFFSET}/${parts[2]}/${parts[3]}`;
}

/** A month as `YYYY-MM`, from `11102`, `111/2`, `111年2月` or `2022-02`. */
export function parseYearMonth(text: string): string | null {
  const written = plain(text).replace(/^民國\s*/, "");
  const parts = /^(\d{1,4})\s*[/.\-年]\s*(\d{1,2})\s*月?$/.exec(written) ?? /^(\d{2,4})(\d{2})$/.exec(written);
  if (parts === null) return null;
  const iso = isoOf(commonYear(parts[1] ?? ""), Number(parts[2]), 1);
  return iso === null ? null : iso.slice(0, 7);
}

/** A month as people write it here, `111/02`. */
export function formatYearMonth(value: unknown): string {
  const parts = typeof value === "string" ? /^(\d{4})-(\d{2})$/.exec(value) : null;
  return parts === null ? textOf(value) : `${Number(parts[1]) - ROC_OFFSET}/${parts[2]}`;
}

/** A time as `HH:MM`, from `1330`, `930`, `13:30`, `9點30分`. */
export function parseTime(text: string): string | null {
  const written = plain(text);
  const parts = /^(\d{1,2})\s*[:.點時]\s*(\d{1,2})\s*分?$/.exec(written) ?? /^(\d{1,2})(\d{2})$/.exec(written);
  if (parts === null) return null;
  const [hour, minute] = [Number(parts[1]), Number(parts[2])];
  return hour < 24 && minute < 60 ? `${two(hour)}:${two(minute)}` : null;
}

/** A whole number, with or without separators: `12,000`. */
export function parseNumber(text: string): number | null {
  const written = plain(text).replaceAll(",", "").replace(/^\$/, "");
  return /^-?\d{1,15}$/.test(written) ? Number(written) : null;
}

/** A number with thousands separators; what is no number stays as it is. */
export function formatAmount(value: unknown): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : textOf(value);
}

/** A number without separators, as one types it. */
export function formatNumber(value: unknown): string {
  return textOf(value);
}

/** Any answer as text; nothing for what is no text. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** Whether there is nothing a person would see as an answer. */
export function isBlank(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === "string") return value.trim() === "";
  return typeof value === "object" && Object.values(value).every(isBlank);
}

/** How many characters count: code points, without the blanks around. */
export function countCharacters(text: string): number {
  return Array.from(text.trim()).length;
}

/** What becomes of typed text: the value it means, the text itself when it means none, nothing when it is blank. */
export function answerOf(text: string, parse: (text: string) => unknown): unknown {
  return text.trim() === "" ? null : (parse(text) ?? text);
}

/** The day in the calendar of 民國 years. */
export function rocDate(iso: string): CalendarDate | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (parts === null || isoOf(Number(parts[1]), Number(parts[2]), Number(parts[3])) === null) return null;
  return toCalendar(new CalendarDate(Number(parts[1]), Number(parts[2]), Number(parts[3])), new TaiwanCalendar());
}

/** The options of a choice. */
export function optionsOf(options: Options, lists: Record<string, Opt[]>): Opt[] {
  return options.type === "listed" ? options.options : (lists[options.list] ?? []);
}

/** The option that is called so in either language, as it stands in the answers. */
function optionCalled(words: string, options: Opt[]): string | null {
  return options.find(({ zh, en }) => zh === words || en === words)?.zh ?? null;
}

/** Chosen options in the order of the form, whatever order they were ticked in; what is no option any more stays at the end. */
export function inOrder(chosen: string[], options: Opt[]): string[] {
  const known = options.map((option) => option.zh).filter((one) => chosen.includes(one));
  return [...known, ...chosen.filter((one) => !known.includes(one))];
}

/** The code that one digit means: itself, and 0 is 10 where 10 is a code and 0 is none. None when it means no code. */
export function codeOf(digit: string, { min, max }: { min: number; max: number }): number | null {
  const code = digit === "0" && min > 0 ? 10 : Number(digit);
  return code >= min && code <= max ? code : null;
}

/** A list of codes, with anything but digits between them; a run of digits too long for one code is read digit by digit. */
export function parseCodes(text: string, range: { min: number; max: number }): unknown[] {
  const words = plain(text).split(/[\s,，、;；]+/);
  return words
    .filter((word) => word !== "")
    .flatMap((word): unknown[] => {
      if (/^\d+$/.test(word) && word.length > String(range.max).length && range.max < 100)
        return [...word].map((digit) => codeOf(digit, range) ?? Number(digit));
      return [answerOf(word, parseNumber)];
    });
}

/** A computed value as a table, when it is one. */
export function tableOf(value: unknown): Table | null {
  return typeof value === "object" && value !== null && "columns" in value && "rows" in value ? (value as Table) : null;
}

/** The answer that a cell of pasted text means, by the field it lands in. */
export function parseCell(field: FieldDef, text: string, lists: Record<string, Opt[]>): unknown {
  const { kind } = field;
  switch (kind.type) {
    case "integer":
    case "money":
      return answerOf(text, parseNumber);
    case "date":
      return answerOf(text, parseDate);
    case "year_month":
      return answerOf(text, parseYearMonth);
    case "time":
      return answerOf(text, parseTime);
    case "choice":
      return answerOf(text.trim(), (words) => optionCalled(words, optionsOf(kind.options, lists)));
    case "choices": {
      const options = optionsOf(kind.options, lists);
      const parts = text.split(/[、,，;；\n]/).map((part) => part.trim());
      const chosen = parts.filter((part) => part !== "").map((part) => optionCalled(part, options) ?? part);
      return chosen.length === 0 ? null : inOrder([...new Set(chosen)], options);
    }
    case "codes":
      return answerOf(text, (words) => parseCodes(words, kind));
    default:
      return answerOf(text, () => null);
  }
}

/** Cells copied from a spreadsheet: tabs between columns, line ends between rows, quotes around cells with either. */
export function parseTable(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at];
    if (quoted) {
      if (sign === '"' && source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t" || sign === "\n") {
      row.push(cell);
      cell = "";
      if (sign === "\n") {
        rows.push(row);
        row = [];
      }
    } else cell += sign;
  }
  row.push(cell);
  rows.push(row);
  return rows;
}

/** Rows after a block of cells was put in from a row on: cells become answers by their column, rows are added as needed. */
export function filled(
  rows: Record<string, unknown>[],
  columns: FieldDef[],
  from: number,
  table: string[][],
  lists: Record<string, Opt[]>,
): Record<string, unknown>[] {
  const next = rows.map((row) => ({ ...row }));
  for (const [down, cells] of table.entries()) {
    const row = next[from + down] ?? {};
    next[from + down] = row;
    for (const [right, cell] of cells.entries()) {
      const column = columns[right];
      if (column && !column.read_only) row[column.key] = parseCell(column, cell, lists);
    }
  }
  return next;
}

/** Moves an item of a list to another place. */
export function moved<T>(items: T[], from: number, to: number): T[] {
  const next = [...items];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(to, 0, item);
  return next;
}
