import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { begin } from "../fakes/rpc";
import type { FieldDef, FieldKind, FormView, Suggestion } from "../gen/types";
import { rpc } from "../platform";
import { zh } from "../text/zh-TW";
import { Draft } from "./draft.svelte";
import Form from "./FormView.svelte";
import { readable } from "./readable";
import Suggestions from "./Suggestions.svelte";

const label = (words: string) => ({ zh: words, en: words });

function offer(field: string, value: unknown, more: Partial<Suggestion> = {}): Suggestion {
  return { field, label: label(`欄位 ${field}`), value, source: label("觀察前會談紀錄表-甲"), plan_year: null, ...more };
}

/** A real form with offers of the test's own. */
async function open(
  form: string,
  suggestions: Suggestion[],
  answers: Record<string, unknown> = {},
  more: Partial<FormView> = {},
) {
  begin("?as=teacher-c");
  const { case: loose } = await rpc.form_list({});
  const view = await rpc.form_open({ case: loose, form });
  const draft = new Draft({ ...view, suggestions, answers, ...more });
  render(Suggestions, { draft });
  render(Form, { draft });
  return draft;
}

const at = (id: string) => screen.getByTestId(id);
const there = (id: string) => screen.queryByTestId(id) !== null;

afterEach(() => cleanup());

test("what is offered stands in the panel and at its blank field, in readable form and with its paper", async () => {
  await open("obs_std105", [offer("grade", "五年級"), offer("obs_date", "2019-11-06")]);
  const panel = at("suggestions").textContent;
  expect(panel).toContain("2 欄，來自「觀察前會談紀錄表-甲」");
  expect(panel).toContain("108/11/06");
  expect(at("act:take:grade").textContent).toContain("帶入：五年級");
  expect(at("act:take:grade").textContent).toContain("（來自「觀察前會談紀錄表-甲」）");
});

test("another case's paper is named with its plan year", async () => {
  await open("plc_application", [offer("plc_goals", "目標", { plan_year: 110, source: label("申請表") })]);
  expect(at("suggestions").textContent).toContain("來自「110學年度 申請表」");
});

test("an offer that is taken edits the field and goes; a typed one goes as well, and comes back when the field is blank", async () => {
  const draft = await open("obs_std105", [offer("grade", "五年級"), offer("subject", "數學"), offer("unit", "分數")]);
  await fireEvent.click(at("act:accept:grade"));
  expect(draft.answers.grade).toBe("五年級");
  expect(draft.queue.unsaved).toEqual({ grade: "五年級" });
  expect(there("act:accept:grade") || there("act:take:grade")).toBe(false);
  await fireEvent.input(at("field:obs_std105.unit"), { target: { value: "小數" } });
  expect(there("act:accept:unit") || there("act:take:unit")).toBe(false);
  await fireEvent.input(at("field:obs_std105.unit"), { target: { value: "" } });
  expect(there("act:take:unit")).toBe(true);
  await fireEvent.click(at("act:take:subject"));
  expect(draft.answers.subject).toBe("數學");
  expect(document.activeElement).toBe(at("field:obs_std105.subject"));
});

test("the keyboard goes on with the next offer, and with the form when none is left", async () => {
  await open("obs_std105", [offer("grade", "五年級"), offer("subject", "數學")]);
  await fireEvent.click(at("act:accept:grade"));
  expect(document.activeElement).toBe(at("act:accept:subject"));
  await fireEvent.click(at("act:accept:subject"));
  expect(document.activeElement?.id).toBe("title-obs_std105-basic");
  expect(there("suggestions")).toBe(false);
});

test("all at once: nothing typed is overwritten, and what an answer brings into view is taken too", async () => {
  const draft = await open(
    "plc_participation_proof",
    [
      offer("plc_name", "我愛上學"),
      offer("is_convener", "否"),
      offer("convener_name", "林雅婷"),
      offer("convener_from", "2019-08-30"),
    ],
    { plc_name: "自己打的" },
  );
  expect(there("act:accept:convener_name"), "not in view yet").toBe(false);
  await fireEvent.click(at("act:accept_all"));
  expect(draft.answers).toEqual({ plc_name: "自己打的", is_convener: "否", convener_name: "林雅婷" });
});

test("nothing is offered on a paper that cannot be changed", async () => {
  await open("obs_std105", [offer("grade", "五年級")], {}, { read_only: true });
  expect(there("suggestions") || there("act:take:grade")).toBe(false);
});

test("the panel folds, and begins folded on a paper that was saved before", async () => {
  await open("obs_std105", [offer("grade", "五年級")], {}, { saved_at: "2022-05-03T02:42:07Z" });
  expect(there("act:accept:grade")).toBe(false);
  await fireEvent.click(at("act:suggestions"));
  expect(there("act:accept:grade")).toBe(true);
  await fireEvent.click(at("act:suggestions"));
  expect(there("act:accept:grade")).toBe(false);
});

const options: Extract<FieldKind, { type: "choice" }>["options"] = { type: "listed", options: [{ zh: "是", en: "Yes" }] };
test.each<[FieldKind, unknown, string]>([
  [{ type: "text", min_chars: null, max_chars: null, pattern: null }, " 五年級 ", "五年級"],
  [{ type: "long_text", min_chars: null, max_chars: null }, "一\n二", "一 二"],
  [{ type: "date", within_plan_year: false }, "2022-02-18", "111/02/18"],
  [{ type: "year_month" }, "2022-02", "111/02"],
  [{ type: "money", min: null, max: null }, 12000, "12,000 元"],
  [{ type: "integer", min: null, max: null }, 3, "3"],
  [{ type: "choice", options }, "是", "Yes"],
  [{ type: "choices", options }, ["是", "舊的"], "Yes、舊的"],
  [{ type: "rows", fields: [], min_rows: 0, max_rows: 9 }, [{}, {}, {}], "3 列"],
  [{ type: "codes", min: 1, max: 10, max_items: 9 }, [1, 2], "2 個"],
  [{ type: "per_item", items: options, of: { type: "long_text" } }, { "A-2-1": "事實" }, "1 項"],
])("%j is read as words", (kind, value, words) => {
  const field: FieldDef = {
    key: "x",
    label: label("x"),
    help: null,
    required: false,
    read_only: false,
    prefill: null,
    show_if: null,
    kind,
  };
  expect(readable(field, value, {}, zh, ({ en }) => en)).toBe(words);
});
