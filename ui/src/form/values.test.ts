import { describe, expect, it, test } from "vitest";
import type { FieldDef, FieldKind } from "../gen/types";
import {
  answerOf,
  countCharacters,
  formatAmount,
  formatDate,
  formatYearMonth,
  moved,
  parseCell,
  parseDate,
  parseNumber,
  parseTable,
  parseTime,
  parseYearMonth,
} from "./values";

test.each([
  ["1110218", "2022-02-18"],
  ["111/2/18", "2022-02-18"],
  ["111.02.18", "2022-02-18"],
  ["111-2-18", "2022-02-18"],
  ["民國111年2月18日", "2022-02-18"],
  ["111年 2月 18日", "2022-02-18"],
  ["2022-02-18", "2022-02-18"],
  ["20220218", "2022-02-18"],
  ["2022/2/18", "2022-02-18"],
  ["990901", "2010-09-01"],
  ["１１１／２／１８", "2022-02-18"],
  ["112/2/29", null],
  ["113/2/29", "2024-02-29"],
  ["111/13/1", null],
  ["111/0/1", null],
  ["0000000", null],
  ["二月", null],
  ["111", null],
  ["", null],
])("the day %s is %s", (text, iso) => expect(parseDate(text)).toBe(iso));

test.each([
  ["2022-02-18", "111/02/18"],
  ["1912-01-01", "1/01/01"],
  ["看不懂", "看不懂"],
  [null, ""],
])("%s is shown as %s", (value, shown) => expect(formatDate(value)).toBe(shown));

test("a day shown can be typed back", () => {
  for (const iso of ["2021-08-01", "2022-07-31", "2024-02-29", "1912-01-01"]) expect(parseDate(formatDate(iso))).toBe(iso);
});

test.each([
  ["11102", "2022-02"],
  ["111/2", "2022-02"],
  ["111年2月", "2022-02"],
  ["2022-02", "2022-02"],
  ["202202", "2022-02"],
  ["111/13", null],
])("the month %s is %s", (text, iso) => expect(parseYearMonth(text)).toBe(iso));

test("a month is shown in 民國 years", () => expect(formatYearMonth("2022-02")).toBe("111/02"));

test.each([
  ["1330", "13:30"],
  ["930", "09:30"],
  ["13:30", "13:30"],
  ["13：30", "13:30"],
  ["9點5分", "09:05"],
  ["0000", "00:00"],
  ["2400", null],
  ["1360", null],
  ["13", null],
  ["下午", null],
])("the time %s is %s", (text, time) => expect(parseTime(text)).toBe(time));

test.each([
  ["12,000", 12000],
  ["１２０００", 12000],
  ["$500", 500],
  ["-3", -3],
  ["3.5", null],
  ["三", null],
  ["1e3", null],
])("the number %s is %s", (text, number) => expect(parseNumber(text)).toBe(number));

test.each([
  [12000, "12,000"],
  [0, "0"],
  [null, ""],
  ["三千", "三千"],
])("%s is shown as %s", (value, shown) => expect(formatAmount(value)).toBe(shown));

test("what is not understood stays as it was typed", () => {
  expect(answerOf("1110218", parseDate)).toBe("2022-02-18");
  expect(answerOf("下週三", parseDate)).toBe("下週三");
  expect(answerOf("  ", parseDate)).toBeNull();
});

test.each([
  ["我愛上學", 4],
  [" 我愛上學\n", 4],
  ["𠮷野家", 3],
  ["e\u0301", 2],
  ["", 0],
])("%j has %i characters", (text, count) => expect(countCharacters(text)).toBe(count));

describe("a block copied from a spreadsheet", () => {
  it("is cut at tabs and line ends", () => {
    expect(parseTable("王小明\t導師\r\n李美華\t輔導教師\r\n")).toEqual([
      ["王小明", "導師"],
      ["李美華", "輔導教師"],
    ]);
  });
  it("keeps tabs, line ends and quotes inside a quoted cell", () => {
    expect(parseTable('"第一行\n第二行"\t"他說""好"""\n尾')).toEqual([["第一行\n第二行", '他說"好"'], ["尾"]]);
  });
  it("keeps blank cells in their place", () => expect(parseTable("a\t\tb")).toEqual([["a", "", "b"]]));
});

describe("a pasted cell", () => {
  const field = (kind: FieldKind): FieldDef => ({
    key: "x",
    label: { zh: "x", en: "x" },
    help: null,
    required: false,
    read_only: false,
    prefill: null,
    show_if: null,
    kind,
  });
  const lists = { modes: [{ zh: "專題講座", en: "Lecture" }] };
  const choice = field({ type: "choice", options: { type: "policy", list: "modes" } });
  test.each([
    [field({ type: "date", within_plan_year: true }), "111/9/14", "2022-09-14"],
    [field({ type: "time" }), "1330", "13:30"],
    [field({ type: "integer", min: null, max: null }), "1,200", 1200],
    [choice, "專題講座", "專題講座"],
    [choice, "Lecture", "專題講座"],
    [choice, "演講", "演講"],
    [field({ type: "text", min_chars: null, max_chars: null, pattern: null }), "會議室", "會議室"],
    [field({ type: "text", min_chars: null, max_chars: null, pattern: null }), "", null],
  ])("%#", (one, text, value) => expect(parseCell(one, text, lists)).toBe(value));
});

test("an item moves without losing the others", () => {
  expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
});
