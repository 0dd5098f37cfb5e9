import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import App from "../App.svelte";
import "./Review.svelte";
import { start } from "../app/session.svelte";
import { begin } from "../fakes/rpc";

async function open(query: string, hash: string) {
  history.replaceState(null, "", `/${query}${hash}`);
  begin(query);
  await start();
  render(App);
}

const at = (id: string) => screen.findByTestId(id, {}, { timeout: 4000 });

async function serious(): Promise<string[]> {
  const found = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  return found.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html}`));
}

beforeEach(() => {
  document.documentElement.lang = "zh-Hant-TW";
  document.title = "教專通";
});
afterEach(() => cleanup());

test("the case tells who did what when, and why it came back", async () => {
  await open("?as=school-matsu&full=1&sent=1&again=2", "#/case/case-1");
  const steps = await at("steps");
  const told = [...steps.querySelectorAll("li")].map((one) => one.textContent?.replaceAll(/\s+/g, " ").trim());
  expect(told).toHaveLength(4);
  expect(told[2]).toContain("退件 學校承辦人 縣立介壽國(中)小");
  expect(told[2]).toContain("原因：社群名稱請再具體一些。");
  expect(told[2]).toContain("申請社群");
  expect(await serious()).toEqual([]);
});

test("a long life shows its latest steps first, and the rest on demand", async () => {
  await open("?as=school-matsu&full=1&at=closed&again=2", "#/case/case-1");
  const steps = await at("steps");
  expect(steps.querySelectorAll("li")).toHaveLength(6);
  await fireEvent.click(screen.getByRole("button", { name: "顯示全部 7 筆" }));
  expect(steps.querySelectorAll("li")).toHaveLength(7);
});

test("a corrected application says what changed, in struck and underlined words", async () => {
  await open("?as=school-matsu&full=1&sent=1&again=2", "#/case/case-1/review");
  const box = await at("difference:plc_application");
  expect((await at("difference-count:plc_application")).textContent).toBe("4 項有變動");
  const name = await at("change:plc_application.plc_name");
  expect(name.querySelector("ins")?.textContent).toBe("新增：：素養導向數學共備。");
  expect((await at("change:plc_application.plc_summary")).querySelector("del")?.textContent).toBe("刪除：不定期聚會分享心得。");
  // Rows: what is the same stays away, a new one says everything, a changed one what changed.
  const schedule = (await at("change:plc_application.schedule")).textContent?.replaceAll(/\s+/g, " ") ?? "";
  expect(schedule).not.toContain("期初共識會議");
  for (const words of ["修改 第 2 列", "新增 第 3 列", "刪除 原第 5 列", "分數單元公開授課"]) expect(schedule).toContain(words);
  expect((await at("difference-count:plc_budget")).textContent).toBe("填寫的內容沒有變動。");
  expect(box.textContent).toContain("上傳的檔案換過。");
  expect(await serious()).toEqual([]);
});

test("one goes from change to change, and from a change to its field", async () => {
  await open("?as=school-matsu&full=1&sent=1&again=2", "#/case/case-1/review");
  const next = await at("act:change_after:plc_application");
  await fireEvent.click(next);
  expect((document.activeElement as HTMLElement).dataset.change).toBe("plc_name");
  await fireEvent.click(next);
  expect((document.activeElement as HTMLElement).dataset.change).toBe("plc_summary");
  await fireEvent.click(await at("act:change_before:plc_application"));
  expect((document.activeElement as HTMLElement).dataset.change).toBe("plc_name");
  const box = await at("difference:plc_application");
  expect(box.textContent).toContain("第 1 處，共 4 處");
  await fireEvent.click(screen.getByRole("button", { name: "看這一欄：社群名稱(至多20字)" }));
  await waitFor(() => expect(document.activeElement?.closest("[data-path]")?.getAttribute("data-path")).toBe("plc_name"));
});

test("with more than two versions a person chooses which to compare with", async () => {
  await open("?as=county-lienchiang&full=1&at=county_check&again=3", "#/case/case-1/review");
  const choice = (await at("field:difference.plc_application")) as HTMLSelectElement;
  expect([choice.value, choice.options.length]).toEqual(["4", 2]);
  expect(choice.options[0]?.textContent).toContain("第 1 次送件");
  await fireEvent.change(choice, { target: { value: "2" } });
  await at("change:plc_application.plc_name");
});

test("without a line and without what was sent before, that is said", async () => {
  await open("?as=school-matsu&full=1&sent=1&again=2&offline=1", "#/case/case-1/review");
  expect((await at("history-incomplete")).textContent).toContain("連線後再開啟就能比較");
  expect(screen.queryByTestId("difference:plc_application")).toBeNull();
  await at("act:pass");
});

test("a paper sent once is compared with nothing", async () => {
  await open("?as=school-matsu&full=1&sent=1", "#/case/case-1/review");
  await at("act:pass");
  expect(screen.queryByTestId("difference:plc_application")).toBeNull();
});

async function choose(kind: string) {
  const button = await at("act:list_export");
  button.focus();
  await fireEvent.keyDown(button, { key: "Enter" });
  await fireEvent.click(await at(`act:list_export:${kind}`));
}

test("the list on the screen becomes a file, whole", async () => {
  await open("?as=school-matsu&many=10000", "#/search");
  await at("case:case-1");
  await choose("xlsx");
  expect((await at("printed")).textContent).toBe("已匯出 10,000 件。");
  expect((await at("printed-path")).textContent).toBe("/home/me/文件/案件查詢.xlsx");
});

test("the papers of the list become one PDF, and what is missing is named", async () => {
  await open("?as=school-matsu&offline=1", "#/search");
  await at("case:case-1");
  await choose("bundle");
  expect((await at("bundled")).textContent).toContain("已彙整 4 件，共 39 頁");
  const missing = (await at("bundle-missing")).textContent?.replaceAll(/\s+/g, " ");
  expect(missing).toContain("缺 2 項");
  expect(missing).toContain("我愛上學，教師專業學習社群經費概算表：檔案不在這台電腦，且連不到服務");
  expect(await serious()).toEqual([]);
});

test("a bundle says how far it is and can be stopped", async () => {
  await open("?as=county-lienchiang&many=10000", "#/search");
  await at("case:case-1");
  await choose("bundle");
  expect((await at("bundle-progress")).textContent).toMatch(/已整理 \d+ 件，共 12 件/);
  await fireEvent.click(await at("act:bundle_stop"));
  expect((await at("failure")).textContent).toContain("已停止，沒有寫出檔案");
  await fireEvent.click(await at("act:close_bundle"));
  expect(screen.queryByRole("dialog", { hidden: true })).toBeNull();
});

test("one case is bundled from its page", async () => {
  await open("?as=school-matsu&full=1&sent=1", "#/case/case-1");
  await fireEvent.click(await at("act:bundle"));
  expect((await at("bundled")).textContent).toContain("已彙整 1 件");
});

test("too many cases for one PDF: said with what to do", async () => {
  await open("?as=county-lienchiang&refuse=too_many_cases", "#/search");
  await at("case:case-1");
  await choose("bundle");
  expect((await at("failure")).textContent).toContain("一次最多處理 500 件");
});

test("the figures are pictures with names and numbers", async () => {
  await open("?as=county-lienchiang", "#/charts");
  const states = await at("chart:states");
  expect(states.querySelector("title")?.textContent).toBe("各狀態件數");
  expect(states.querySelector("desc")?.textContent).toContain("執行後並填寫成果報告書");
  expect((await at("chart:levels")).querySelector("desc")?.textContent).toContain(
    "精進社群：申請經費 480,000 元，核定金額 360,000 元",
  );
  const tables = [...document.querySelectorAll("details table")];
  expect(tables).toHaveLength(3);
  expect(tables[0]?.querySelectorAll("tbody tr")).toHaveLength(40);
  expect((await at("nav:charts")).getAttribute("aria-current")).toBe("page");
  expect(await serious()).toEqual([]);
  await fireEvent.click(await at("act:charts_export"));
  expect((await at("printed-path")).textContent).toBe("/home/me/文件/111學年度統計.xlsx");
});

test("a year without cases says so", async () => {
  await open("?as=county-lienchiang&nothing=1", "#/charts");
  expect((await screen.findByText("這個學年度還沒有案件。")).textContent).toBeTruthy();
  expect(screen.queryByTestId("act:charts_export")).toBeNull();
});
