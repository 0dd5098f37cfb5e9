import { describe, expect, test } from "vitest";
import packs from "../gen/packs.json";
import { en } from "./en";
import { PROBLEM_CODES } from "./shape";
import { zh } from "./zh-TW";

const CHINESE = /\p{Script=Han}/u;

import types from "../gen/types.ts?raw";

/** The members of a union of strings in the generated types. */
function union(name: string): string[] {
  const line = new RegExp(`export type ${name} = ([^;]+);`).exec(types)?.[1] ?? "";
  return [...line.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
}

/** Every leaf of a set of texts by its path. */
function leaves(node: unknown, path = ""): [string, unknown][] {
  if (typeof node !== "object" || node === null) return [[path, node]];
  return Object.entries(node).flatMap(([key, child]) => leaves(child, `${path}.${key}`));
}

/** Figures that fill any sentence. */
const PARAMS = {
  min: 1,
  max: 2,
  count: 3,
  missing: ["words_prepare"],
  over: 4,
  value: 5,
  from: "2022-04-20",
  to: "2022-05-23",
  plan_year: 111,
  after: "13:30",
  before: "2022-05-24",
  until: "2022-06-30",
  months: 4,
  round: 2,
  first: 1,
  second: 2,
  wanted: "text",
  retry_after_seconds: 30,
  limit: 2_097_152,
  page: 2,
  found: 1,
  pages: 3,
  form: "plc_budget",
  path: "/a.pdf",
  forms: ["plc_budget"],
  name: { zh: "成果分享", en: "the results" },
  papers: [{ form: "plc_report", name: { zh: "成果分享", en: "the results" } }],
};

test("both languages have the same keys", () => {
  const keysOf = (texts: unknown) =>
    leaves(texts)
      .map(([path]) => path)
      .sort();
  expect(keysOf(en)).toEqual(keysOf(zh));
});

describe.each([
  ["zh-TW", zh],
  ["en", en],
] as const)("%s", (language, texts) => {
  test("every refusal has a sentence", () => {
    const codes = union("Code");
    expect(codes.length).toBeGreaterThan(40);
    expect(Object.keys(texts.failure).sort()).toEqual([...codes].sort());
  });

  test("every check that a form names has a sentence", () => {
    const named = Object.values(packs.forms).flatMap((form) => form.checks);
    // Said with a code that every form can have: out_of_order.
    const general = new Set(["schedule_times", "lesson_days", "periods", "period_of_lesson"]);
    expect(named.filter((name) => !general.has(name) && !(name in texts.problem))).toEqual([]);
    expect(Object.keys(texts.problem).sort()).toEqual([...PROBLEM_CODES].sort());
  });

  test("every page, role, act and paper status has words", () => {
    for (const [name, set] of [
      ["Page", texts.page],
      ["Role", texts.role],
      ["Action", texts.act],
      ["Theme", texts.theme],
    ] as const) {
      expect(Object.keys(set).sort(), name).toEqual(union(name).sort());
    }
  });

  test("sentences are whole and in their language", () => {
    const name = (form: string) => `《${form}》`;
    const said = [
      ...Object.values(texts.failure).map((sentence) => sentence(PARAMS)),
      ...Object.values(texts.problem).map((sentence) => sentence(PARAMS)),
      ...Object.values(texts.missing).map((sentence) => sentence(PARAMS, name)),
      ...leaves(texts)
        .filter(([path]) => !/\.(separator|languages|keyList|stamp\.none|tileNote)/.test(path))
        .flatMap(([, leaf]) => (typeof leaf === "string" ? [leaf] : [])),
    ];
    for (const sentence of said) {
      expect(sentence).not.toMatch(/undefined|NaN|\[object/);
      expect(sentence.length, sentence).toBeGreaterThan(0);
      // A Chinese sentence is not an English one with a name in it; short marks such as 「Email」 and times stay as they are.
      if (language === "zh-TW" && /[a-z]{4,} [a-z]{3,}/i.test(sentence)) expect(sentence).toMatch(CHINESE);
    }
    if (language === "zh-TW") {
      for (const sentence of [...Object.values(texts.failure), ...Object.values(texts.problem)].map((one) => one(PARAMS)))
        expect(sentence).toMatch(CHINESE);
    }
  });

  test("refusals say what to do or that nothing needs doing: more than one clause", () => {
    for (const [code, sentence] of Object.entries(texts.failure)) {
      expect(
        sentence(PARAMS)
          .split(/[。；;，,.]/)
          .filter((part) => part.trim() !== "").length,
        code,
      ).toBeGreaterThan(1);
    }
  });
});

test("a sentence about two papers names the other one, in its language", () => {
  const paper = { zh: "觀察前會談紀錄表-甲", en: "Talk before the lesson, A" };
  const days = { after: "2019-11-04", paper };
  expect(zh.problem.out_of_order(days)).toBe("日期不能早於「觀察前會談紀錄表-甲」的 108/11/04，請核對兩個日期。");
  expect(en.problem.out_of_order(days)).toContain("2019-11-04 (“Talk before the lesson, A”)");
  expect(zh.problem.out_of_order({ after: "2019-11-04" })).toBe("日期不能早於 108/11/04，請核對兩個日期。");
  expect(zh.problem.day_differs({ value: "2019-11-05", wanted: "2019-11-04", paper })).toContain(
    "「觀察前會談紀錄表-甲」的是 108/11/04",
  );
});
