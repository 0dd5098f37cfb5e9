import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import App from "../App.svelte";
import "./Review.svelte";
import { untick, widen } from "../app/choosing.svelte";
import { start } from "../app/session.svelte";
import { begin } from "../fakes/rpc";

/** 計畫挑選 at a desk, over the stand-ins of the program. */
async function open(query: string, hash = "#/choose") {
  history.replaceState(null, "", `/${query}${hash}`);
  begin(query);
  await start();
  render(App);
}

const at = (id: string) => screen.findByTestId(id, {}, { timeout: 4000 });
const words = async (id: string) => (await at(id)).textContent?.replace(/\s+/g, " ").trim() ?? "";
const press = async (id: string) => fireEvent.click(await at(id));
const key = (id: string, name: string, more: object = {}) => fireEvent.keyDown(screen.getByTestId(id), { key: name, ...more });

async function serious(): Promise<string[]> {
  const found = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  return found.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html}`));
}

beforeEach(() => {
  document.documentElement.lang = "zh-Hant-TW";
  document.title = "教專通";
  untick();
  widen();
});
afterEach(() => cleanup());

test("filters offer what there is, with counts, and narrow the list", async () => {
  await open("?as=county-lienchiang&many=20");
  expect(await words("filter:state.county_check")).toContain("（4）");
  await press("filter:state.county_check");
  await waitFor(() => expect(screen.queryByTestId("case:many-1")).toBeNull());
  expect(await words("case:many-2")).toContain("執行計畫挑選_可彙整");
  await press("filter:level.無");
  await waitFor(() => expect(screen.queryByTestId("case:many-7")).toBeNull());
  expect((await at("filter:level.無")).getAttribute("aria-pressed")).toBe("true");
  expect(await serious()).toEqual([]);
  await press("act:clear");
  await at("case:many-1");
});

test("ticks are summed up against what the county has", async () => {
  await open("?as=county-lienchiang&many=20");
  await press("tick:many-2");
  await press("tick:many-7");
  expect(await words("chosen")).toBe("已選 2 件");
  await waitFor(async () => expect(await words("sum")).toContain("24,973"));
  expect(await words("budget:111")).toContain("縣市總經費 400,000 元");
  expect(await words("act:approve")).toBe("審核通過（2）");
  await press("tick:many-7");
  await waitFor(async () => expect(await words("act:approve")).toBe("審核通過（1）"));
  await press("act:none");
  expect(screen.queryByTestId("act:approve")).toBeNull();
});

test("ceilings that nobody set are said to be so", async () => {
  await open("?as=county-lienchiang&many=20&unset=1");
  await press("tick:many-2");
  expect(await words("budget:111")).toContain("縣市總經費 未設定");
  expect(await words("budget:111")).toContain("每群上限 未設定");
});

test("the keyboard ticks, goes on ticking, and takes all", async () => {
  await open("?as=county-lienchiang&many=20");
  await at("case:case-1");
  key("case:case-1", " ");
  expect(await words("chosen")).toBe("已選 1 件");
  key("case:case-1", "ArrowDown", { shiftKey: true });
  key("case:case-1", "ArrowDown", { shiftKey: true });
  await waitFor(async () => expect(await words("chosen")).toBe("已選 3 件"));
  expect((screen.getByTestId("tick:many-2") as HTMLInputElement).checked).toBe(true);
  key("case:many-2", " ");
  await waitFor(async () => expect(await words("chosen")).toBe("已選 2 件"));
  key("case:many-2", "a", { ctrlKey: true });
  await waitFor(async () => expect(await words("chosen")).toBe("已選 20 件"));
});

test("every case is listed before one confirmation, with its amount, and refusals are named after", async () => {
  await open("?as=county-lienchiang&many=60");
  for (const number of [3, 2, 7, 12, 17, 22, 27, 32, 37]) await press(`tick:many-${number}`);
  await press("act:approve");
  expect(await words("cannot:many-3")).toContain("執行後並填寫成果報告書");
  expect(await words("will:many-2")).toContain("通知教師：專業學習社群通知");
  expect(await words("will:many-17")).toContain("超過每群上限");
  expect(await words("act:confirm")).toBe("審核通過 8 件");
  expect(await serious()).toEqual([]);
  const total = await words("total");
  await fireEvent.input(await at("amount:many-2"), { target: { value: "1,000" } });
  await waitFor(async () => expect(await words("total")).not.toBe(total));
  await fireEvent.input(await at("amount:many-2"), { target: { value: "一千" } });
  await press("act:confirm");
  expect(screen.queryByTestId("result")).toBeNull();
  await fireEvent.input(await at("amount:many-2"), { target: { value: "1000" } });
  await press("act:confirm");
  const result = await words("result");
  expect(result).toContain("7 件已完成");
  expect(result).toContain("連江縣教專中心（縣市）已在");
  expect((await at("refused:many-32")).querySelector("a")?.getAttribute("href")).toBe("#/case/many-32");
  await press("act:close");
  // What was not done stays chosen; the list shows what was.
  await waitFor(async () => expect(await words("chosen")).toBe("已選 1 件"));
  await waitFor(async () => expect(await words("case:many-2")).toContain("1,000"));
});

test("returning needs one reason for all; without a network it is kept", async () => {
  await open("?as=school-matsu&many=20&offline=1");
  await press("tick:many-1");
  await press("tick:many-6");
  await press("act:return");
  await at("will:many-6");
  await press("act:confirm");
  await screen.findByText("請填寫原因", { exact: false });
  await fireEvent.input(await at("field:return.reason"), { target: { value: "請核章後上傳" } });
  await press("act:confirm");
  expect(await words("result")).toContain("2 件已記在這台電腦，尚未送達");
});

test("a refusal of the whole is shown, and nothing is lost", async () => {
  await open("?as=county-lienchiang&many=20&refuse=too_many_cases");
  await press("tick:many-2");
  await press("act:approve");
  await press("act:confirm");
  await screen.findByText("一次最多處理 500 件", { exact: false });
  expect(await words("act:confirm")).toBe("審核通過 1 件");
});

test("more than can be done at once is said, and ten thousand rows are drawn a few at a time", async () => {
  await open("?as=county-lienchiang&many=10000");
  await press("act:all");
  await waitFor(async () => expect(await words("chosen")).toBe("已選 10000 件"));
  await screen.findByText("一次最多處理 500 件", { exact: false });
  expect((screen.getByTestId("act:approve") as HTMLButtonElement).disabled).toBe(true);
  expect(document.querySelectorAll("tbody tr").length).toBeLessThan(60);
});

test("an empty list says what to do", async () => {
  await open("?as=county-lienchiang&nothing=1");
  await screen.findByText("清除部分篩選條件再看。");
  expect(await serious()).toEqual([]);
});

test("from a case one goes on to the next of the list", async () => {
  await open("?as=county-lienchiang&full=1&at=county_check");
  await fireEvent.click((await at("case:case-1")).querySelectorAll("td")[1] as HTMLElement);
  await at("state");
  expect((await at("walk:next")).getAttribute("href")).toBe("#/case/case-2");
  location.hash = "#/case/case-1/review";
  await at("scan:plc_budget");
  expect(await words("walk")).toContain("第 1 件，共 4 件");
  expect((await at("walk:next")).getAttribute("href")).toBe("#/case/case-2/review");
  expect(screen.queryByTestId("walk:before")).toBeNull();
});

test("the ticked cases become one PDF, and the list a file", async () => {
  await open("?as=county-lienchiang&many=20");
  await press("tick:many-2");
  await press("tick:many-7");
  await waitFor(async () => expect(await words("chosen")).toBe("已選 2 件"));
  await press("act:bundle");
  expect((await at("bundled")).textContent).toContain("已彙整 2 件");
  await press("act:close_bundle");
  await at("act:list_export");
});
