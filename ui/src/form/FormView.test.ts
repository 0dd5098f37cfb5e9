import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FieldDef, FieldKind, Label, Problem, FormView as View } from "../gen/types";
import { Draft } from "./draft.svelte";
import FormView from "./FormView.svelte";

const label = (zh: string): Label => ({ zh, en: zh });
const listed = (...options: string[]): Extract<FieldKind, { type: "choice" }>["options"] => ({
  type: "listed",
  options: options.map(label),
});

function field(key: string, kind: FieldKind, more: Partial<FieldDef> = {}): FieldDef {
  return {
    key,
    label: label(`欄位 ${key}`),
    help: null,
    required: false,
    read_only: false,
    prefill: null,
    show_if: null,
    kind,
    ...more,
  };
}

const text: FieldKind = { type: "text", min_chars: null, max_chars: 20, pattern: null };
const rows: FieldKind = {
  type: "rows",
  min_rows: 0,
  max_rows: 4,
  fields: [
    field("no", { type: "integer", min: 1, max: null }, { read_only: true }),
    field("day", { type: "date", within_plan_year: false }),
    field("start", { type: "time" }),
    field("place", text, { required: true }),
  ],
};

/** Points of two indicators. */
const points: Extract<FieldKind, { type: "choice" }>["options"] = {
  type: "listed",
  options: ["A-2-1", "A-2-2", "B-1-1"].map((code) => ({ ...label(`重點 ${code}`), code })),
};

/** One field of every kind there is; a kind without one does not compile. */
const KINDS: Record<FieldKind["type"], FieldDef> = {
  text: field("text", text),
  long_text: field("long_text", { type: "long_text", min_chars: 100, max_chars: 200 }),
  integer: field("integer", { type: "integer", min: 2, max: null }),
  money: field("money", { type: "money", min: 0, max: null }),
  date: field("date", { type: "date", within_plan_year: true }),
  year_month: field("year_month", { type: "year_month" }),
  time: field("time", { type: "time" }),
  choice: field("choice", { type: "choice", options: listed("同校", "跨校") }),
  choices: field("choices", { type: "choices", options: listed("甲", "乙", "丙") }),
  line: field("line", { type: "line", unit: label("節"), cap: { number: "cap" }, suggest: "formula" }),
  rows: field("rows", rows),
  file: field("file", { type: "file", enclosure: null }),
  sign: field("sign", { type: "sign" }),
  note: field("note", { type: "note" }, { help: label("這是附註") }),
  computed: field("computed", { type: "computed", formula: "total" }),
  group: field("group", { type: "group", fields: [field("inside", text), field("table", rows)] }),
  per_item: field("per_item", { type: "per_item", items: points, of: { type: "long_text" } }),
  codes: field("codes", { type: "codes", min: 1, max: 10, max_items: 50 }),
};

const edited = vi.fn();

function view(fields: FieldDef[], answers: Record<string, unknown> = {}, more: Partial<View> = {}): View {
  return {
    case: "c",
    def: {
      id: "test_form",
      version: 1,
      plan_year: 111,
      title: label("表單"),
      name: label("表單"),
      checks: [],
      sections: [{ key: "all", title: label("全部"), notes: [label("說明一")], fields }],
    },
    lists: {},
    numbers: { cap: 2000 },
    header: "111學年度",
    answers,
    computed: { computed: 19000, "line.subtotal": 6000, "line.suggested": 739 },
    problems: [],
    suggestions: [],
    clashes: [],
    read_only: false,
    only: null,
    loose: false,
    remarks: [],
    can_remark: false,
    process: "plc",
    paper: {
      remarks: 0,
      form: "test_form",
      name: label("表單"),
      title: label("表單"),
      editable: true,
      viewable: true,
      status: { type: "empty" },
      stamp_rule: "none",
      printed_revision: null,
      enclosure: null,
      scan: null,
      corrects: false,
      stamped_revision: null,
    },
    saved_at: null,
    ...more,
  };
}

function show(fields: FieldDef[], answers: Record<string, unknown> = {}, more: Partial<View> = {}): Draft {
  const draft = new Draft(view(fields, answers, more));
  const edit = draft.edit.bind(draft);
  draft.edit = (key, value) => {
    edited(key, value);
    edit(key, value);
  };
  render(FormView, { draft });
  return draft;
}

const at = (path: string) => screen.getByTestId(`field:test_form.${path}`) as HTMLInputElement;
const type = (path: string, value: string) => fireEvent.input(at(path), { target: { value } });
const key = (element: Element, name: string, more: KeyboardEventInit & { keyCode?: number } = {}) =>
  fireEvent.keyDown(element, { key: name, ...more });

beforeEach(() => {
  vi.useFakeTimers();
  edited.mockReset();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test("every kind has a control under its label", () => {
  show(Object.values(KINDS), { rows: [{ place: "會議室" }] });
  for (const { key, kind } of Object.values(KINDS)) {
    expect(screen.getByText(`欄位 ${key}`), key).toBeTruthy();
    if (kind.type !== "note") expect(at(key), key).toBeTruthy();
  }
  expect(screen.getByText("這是附註")).toBeTruthy();
  expect(at("computed").textContent).toBe("19,000");
});

test.each<[FieldKind["type"], string, unknown]>([
  ["text", "我愛上學", "我愛上學"],
  ["long_text", "第一行\n第二行", "第一行\n第二行"],
  ["integer", "3", 3],
  ["integer", "三", "三"],
  ["money", "12,000", 12000],
  ["date", "1110218", "2022-02-18"],
  ["date", "下週", "下週"],
  ["year_month", "11102", "2022-02"],
  ["time", "1330", "13:30"],
  ["text", "", null],
])("%s: %j is answered as %j", async (kind, typed, answer) => {
  show([KINDS[kind]], { [kind]: "前" });
  await type(kind, typed);
  expect(edited).toHaveBeenLastCalledWith(kind, answer);
});

test("a day, a time and an amount are dressed when the person leaves", async () => {
  show([KINDS.date, KINDS.time, KINDS.money]);
  for (const [path, typed, shown] of [
    ["date", "1110218", "111/02/18"],
    ["time", "930", "09:30"],
    ["money", "12000", "12,000"],
  ] as const) {
    await fireEvent.focus(at(path));
    await type(path, typed);
    expect(at(path).value).toBe(typed);
    await fireEvent.blur(at(path));
    expect(at(path).value).toBe(shown);
  }
  await fireEvent.focus(at("money"));
  expect(at("money").value).toBe("12000");
});

test("few options stand side by side, each with its own id", async () => {
  show([KINDS.choice], { choice: "同校" });
  expect(at("choice").getAttribute("role")).toBe("radiogroup");
  expect(at("choice:同校").checked).toBe(true);
  await fireEvent.click(at("choice:跨校"));
  expect(edited).toHaveBeenLastCalledWith("choice", "跨校");
});

test("many options are a list; an answer that is none of them is still shown", async () => {
  show([field("choice", { type: "choice", options: listed("一", "二", "三", "四", "五", "六") })], { choice: "舊的" });
  expect(at("choice").tagName).toBe("SELECT");
  expect(at("choice").value).toBe("舊的");
  await fireEvent.change(at("choice"), { target: { value: "六" } });
  expect(edited).toHaveBeenLastCalledWith("choice", "六");
});

test("districts are chosen in two steps", async () => {
  const places = ["連江縣", "臺中市"].flatMap((county) => Array.from({ length: 40 }, (_, number) => `${county} / 第${number}區`));
  show([field("place", { type: "choice", options: listed(...places) })], { place: "連江縣 / 第3區" });
  expect(at("place:county").value).toBe("連江縣");
  expect(within(at("place")).getAllByRole("option")).toHaveLength(41);
  await fireEvent.change(at("place:county"), { target: { value: "臺中市" } });
  expect(edited).toHaveBeenLastCalledWith("place", null);
  await fireEvent.change(at("place"), { target: { value: "臺中市 / 第7區" } });
  expect(edited).toHaveBeenLastCalledWith("place", "臺中市 / 第7區");
});

test("ticked options come in the order of the form", async () => {
  show([KINDS.choices], { choices: ["丙"] });
  await fireEvent.click(at("choices:甲"));
  expect(edited).toHaveBeenLastCalledWith("choices", ["甲", "丙"]);
});

test("a line shows what the program computed, its cap, and takes the suggestion", async () => {
  show([KINDS.line], { line: { quantity: 3, unit_price: 2000 } });
  expect(at("line.subtotal").textContent).toBe("6,000");
  expect(at("line.unit_price").value).toBe("2,000");
  expect(screen.getByText("單價上限 2,000 元")).toBeTruthy();
  await type("line.quantity", "4");
  expect(edited).toHaveBeenLastCalledWith("line", { quantity: 4, unit_price: 2000 });
  await fireEvent.click(screen.getByText("帶入 739"));
  expect(edited).toHaveBeenLastCalledWith("line", { quantity: 1, unit_price: 739 });
});

test("an emptied line is no answer", async () => {
  show([KINDS.line], { line: { note: "備" } });
  await type("line.note", "");
  expect(edited).toHaveBeenLastCalledWith("line", null);
});

test("a field whose condition is not met is not there", async () => {
  const shown = field("more", text, { show_if: { field: "choice", is: ["跨校"] } });
  show([KINDS.choice, shown], { choice: "同校" });
  expect(screen.queryByTestId("field:test_form.more")).toBeNull();
  await fireEvent.click(at("choice:跨校"));
  expect(at("more")).toBeTruthy();
});

test("an answer left in a field that does not count any more can be seen and cleared", async () => {
  const hidden = field("more", text, { show_if: { field: "choice", is: ["跨校"] } });
  show([KINDS.choice, hidden], { choice: "同校", more: "舊" }, { problems: [problem("more", "not_shown")] });
  expect(screen.getByTestId("problem:test_form.more").textContent).toContain("不需填寫");
  await fireEvent.click(screen.getByTestId("act:clear:more"));
  expect(edited).toHaveBeenLastCalledWith("more", null);
});

test("the counter counts characters, not halves of them", () => {
  show([KINDS.text, KINDS.long_text], { text: "𠮷野家 ", long_text: "字" });
  expect(screen.getByText("3/20 字")).toBeTruthy();
  expect(screen.getByText("1/100–200 字")).toBeTruthy();
});

const problem = (path: string, code: string, params = {}): Problem => ({ field: path, code, params, level: "error" });

test("problems stand at their fields, in rows and lines too", () => {
  show(
    [KINDS.text, KINDS.rows, KINDS.line],
    { rows: [{}, { place: "" }] },
    {
      problems: [
        problem("text", "too_long", { max: 20, over: 3 }),
        problem("rows.1.place", "required"),
        problem("line.unit_price", "above_max", { max: 2000, value: 2500 }),
      ],
    },
  );
  expect(screen.getByTestId("problem:test_form.text").textContent).toContain("多了 3 字");
  expect(screen.getByTestId("problem:test_form.rows.1.place").textContent).toContain("尚未填寫");
  expect(screen.getByTestId("problem:test_form.line.unit_price").textContent).toContain("2,000");
});

const three = { rows: [{ place: "一" }, { place: "二" }, { place: "三" }] };
const places = () => ((edited.mock.lastCall?.[1] ?? []) as { place?: string }[]).map((row) => row.place);

test("Enter goes to the next row, and makes one at the end", async () => {
  show([KINDS.rows], three);
  at("rows.0.place").focus();
  await key(at("rows.0.place"), "Enter");
  await vi.advanceTimersByTimeAsync(0);
  expect(document.activeElement).toBe(at("rows.1.place"));
  await key(at("rows.2.place"), "Enter");
  expect(places()).toEqual(["一", "二", "三", undefined]);
});

test("the Enter of an input method makes no row", async () => {
  show([KINDS.rows], three);
  await key(at("rows.2.place"), "Enter", { isComposing: true });
  await key(at("rows.2.place"), "Enter", { keyCode: 229 });
  expect(edited).not.toHaveBeenCalled();
});

test("Enter on a button in a cell is the button's", async () => {
  show([KINDS.rows], three);
  const button = at("rows.2.day").closest("td")?.querySelector("button") as HTMLButtonElement;
  await key(button, "Enter");
  expect(edited).not.toHaveBeenCalled();
});

test("rows move with Alt and the arrows, are duplicated and deleted, and stop at their limit", async () => {
  show([KINDS.rows], three);
  await key(at("rows.2.place"), "ArrowUp", { altKey: true });
  expect(places()).toEqual(["一", "三", "二"]);
  await fireEvent.click(screen.getByTestId("act:duplicate:rows.0"));
  expect(places()).toEqual(["一", "一", "三", "二"]);
  expect((screen.getByTestId("act:add:rows") as HTMLButtonElement).disabled).toBe(true);
  await fireEvent.click(screen.getByTestId("act:remove:rows.0"));
  expect(places()).toEqual(["一", "三", "二"]);
});

test("a copied block fills cells by their kind and adds rows up to the limit", async () => {
  show([KINDS.rows], { rows: [{ place: "一" }] });
  const table = ["111/9/14\t1330\t會議室", "111/10/19\t\t市大", "a\tb\tc", "d\te\tf", "g\th\ti"].join("\r\n");
  await fireEvent.paste(at("rows.0.day"), { clipboardData: { getData: () => table } });
  expect(edited).toHaveBeenLastCalledWith("rows", [
    { day: "2022-09-14", start: "13:30", place: "會議室" },
    { day: "2022-10-19", place: "市大" },
    { day: "a", start: "b", place: "c" },
    { day: "d", start: "e", place: "f" },
  ]);
});

test("text pasted into one cell stays there", async () => {
  show([KINDS.rows], three);
  await fireEvent.paste(at("rows.0.place"), { clipboardData: { getData: () => "會議室" } });
  expect(edited).not.toHaveBeenCalled();
});

test("the last row deleted leaves no answer and says what to do next", async () => {
  show([KINDS.rows], { rows: [{ place: "一" }] });
  await fireEvent.click(screen.getByTestId("act:remove:rows.0"));
  expect(edited).toHaveBeenLastCalledWith("rows", null);
  expect(screen.getByText(/還沒有資料。 按「新增」後填寫/)).toBeTruthy();
});

test("read-only: nothing can be changed and no problem is shown", async () => {
  const draft = show(Object.values(KINDS), three, { read_only: true, problems: [problem("text", "required")] });
  expect(at("text").readOnly).toBe(true);
  expect(at("choice:同校").disabled).toBe(true);
  expect(screen.queryByTestId("act:add:rows")).toBeNull();
  expect(screen.queryByTestId("problem:test_form.text")).toBeNull();
  draft.edit("text", "偷改");
  expect(draft.queue.idle).toBe(true);
});

const codesAt = () => edited.mock.lastCall?.[1];

test("digits are codes at once, 0 is 10, and a digit that is no code is not taken", async () => {
  show([field("codes", { type: "codes", min: 1, max: 10, max_items: 4 })], { codes: [5] });
  await key(at("codes"), "3");
  expect(codesAt()).toEqual([5, 3]);
  await key(at("codes"), "0");
  expect(codesAt()).toEqual([5, 3, 10]);
  await key(at("codes"), "a");
  expect(edited).toHaveBeenCalledTimes(2);
  await key(at("codes"), "Backspace");
  expect(codesAt()).toEqual([5, 3]);
  expect(screen.getByTestId("field:test_form.codes:count").textContent).toContain("共 2 個");
});

test("a code in the middle is chosen with the arrows and corrected, deleted or put before", async () => {
  show([field("codes", { type: "codes", min: 1, max: 10, max_items: 40 })], { codes: [1, 2, 3] });
  await key(at("codes"), "ArrowLeft");
  await key(at("codes"), "ArrowLeft");
  await key(at("codes"), "9");
  expect(codesAt()).toEqual([1, 9, 3]);
  await key(at("codes"), "Delete");
  expect(codesAt()).toEqual([1, 9]);
  at("codes").focus();
  await key(at("codes"), "Home");
  await fireEvent.paste(at("codes"), { clipboardData: { getData: () => "7, 8\n10" } });
  expect(codesAt()).toEqual([7, 8, 10, 1, 9]);
});

test("no more codes than there is room for", async () => {
  show([field("codes", { type: "codes", min: 1, max: 10, max_items: 2 })], { codes: [1, 2] });
  await key(at("codes"), "3");
  expect(edited).not.toHaveBeenCalled();
});

test("what is pasted elsewhere is not taken for codes", async () => {
  show([KINDS.text, KINDS.codes]);
  at("text").focus();
  await fireEvent.paste(at("text"), { clipboardData: { getData: () => "123" } });
  expect(edited).not.toHaveBeenCalled();
});

test("codes can be edited as text, and a problem stands at its code", async () => {
  show([KINDS.codes], { codes: [1, 11] }, { problems: [problem("codes.1", "above_max", { max: 10 })] });
  expect(screen.getByTestId("problem:test_form.codes.1").textContent).toContain("10");
  await fireEvent.click(screen.getByTestId("act:text:codes"));
  expect(at("codes:text").value).toBe("1 11");
  await type("codes:text", "1 2 3");
  expect(codesAt()).toEqual([1, 2, 3]);
});

test("facts are kept by the code of their point; the last one emptied leaves no answer", async () => {
  show([KINDS.per_item], { per_item: { "A-2-1": "有" } }, { problems: [problem("per_item.A-2-2", "required")] });
  expect(at("per_item.A-2-1").value).toBe("有");
  expect(screen.getByTestId("problem:test_form.per_item.A-2-2").textContent).toContain("尚未填寫");
  await type("per_item.A-2-2", "也有");
  expect(edited).toHaveBeenLastCalledWith("per_item", { "A-2-1": "有", "A-2-2": "也有" });
  await type("per_item.A-2-1", "");
  await type("per_item.A-2-2", "");
  expect(edited).toHaveBeenLastCalledWith("per_item", null);
});

test("a rating is one choice for each item", async () => {
  const rating = field("rating", { type: "per_item", items: points, of: { type: "choice", options: listed("優良", "滿意") } });
  show([rating]);
  await fireEvent.click(at("rating.B-1-1:滿意"));
  expect(edited).toHaveBeenLastCalledWith("rating", { "B-1-1": "滿意" });
});

test("an answer for an item that is on the list no more can be seen and cleared", async () => {
  show([KINDS.per_item], { per_item: { "A-2-1": "有", "Z-9": "舊" } });
  await fireEvent.click(screen.getByTestId("act:clear:per_item.Z-9"));
  expect(edited).toHaveBeenLastCalledWith("per_item", { "A-2-1": "有" });
});

test("a group is one answer; a table in it keeps its keys", async () => {
  show([KINDS.group], { group: { table: [{ place: "一" }] } });
  await type("group.inside", "字");
  expect(edited).toHaveBeenLastCalledWith("group", { table: [{ place: "一" }], inside: "字" });
  await key(at("group.table.0.place"), "Enter");
  expect(edited).toHaveBeenLastCalledWith("group", { table: [{ place: "一" }, {}], inside: "字" });
});

test("a computed table shows counts whole, shares with two decimals, and a dash where there was nothing", () => {
  const table = {
    columns: [label("代號"), label("次數"), label("百分比(%)")],
    rows: [
      [label("提問"), 1200, 50],
      [label("讚美"), 0, null],
    ],
  };
  show([KINDS.computed], {}, { computed: { computed: table } });
  const cells = within(at("computed"))
    .getAllByRole("cell")
    .map((cell) => cell.textContent);
  expect(cells).toEqual(["1,200", "50.00", "0", "—"]);
});

test("nothing to compute from is said in words", () => {
  show([KINDS.computed], {}, { computed: { computed: null } });
  expect(at("computed").textContent).toBe("還沒有可以計算的資料。");
});

test("a row that did not change stays the same object, so that a long table stays quick", async () => {
  show([KINDS.rows], three);
  await type("rows.1.place", "二樓");
  const [first, second, third] = (edited.mock.lastCall?.[1] ?? []) as object[];
  expect(first).toBe(three.rows[0]);
  expect(second).toEqual({ place: "二樓" });
  expect(third).toBe(three.rows[2]);
});

test("a part that begins with a field of the same name does not say it twice", () => {
  show([field("all", rows, { label: label("全部"), required: true }), KINDS.text]);
  expect(screen.getByRole("heading", { name: /全部/ }).textContent).toContain("*");
  expect(screen.getAllByText("全部").filter((one) => one.closest(".label:not(.unseen)"))).toEqual([]);
  expect(screen.getByText("欄位 text").closest(".unseen")).toBeNull();
});

test("one note is a sentence, several are numbered", () => {
  const { def } = view([KINDS.text]);
  const notes = (words: string[]) => ({
    def: { ...def, sections: def.sections.map((one) => ({ ...one, notes: words.map(label) })) },
  });
  const listOf = (words: string[]) => {
    show([KINDS.text], {}, notes(words));
    const tag = screen.getByText(words[0] ?? "").parentElement?.tagName;
    cleanup();
    return tag;
  };
  expect(listOf(["以上均須完成。"])).toBe("UL");
  expect(listOf(["至少1場次。", "每學期3次。"])).toBe("OL");
  expect(listOf(["說明：依規定。", "支給上限：2000元。"])).toBe("UL");
});
