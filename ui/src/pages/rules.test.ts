import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import App from "../App.svelte";
import { start } from "../app/session.svelte";
import { commonMoment, momentAt, partsOf, rocMoment } from "../app/taipei";
import { begin } from "../fakes/rpc";

/** The whole window at an address, over the stand-ins of the program. */
async function open(query: string, hash = "#/rules") {
  history.replaceState(null, "", `/${query}${hash}`);
  begin(query);
  await start();
  render(App);
}

const at = (id: string) => screen.findByTestId(id, {}, { timeout: 4000 });
const input = async (id: string, value: string) => fireEvent.input(await at(id), { target: { value } });
const button = async (id: string) => (await at(id)) as HTMLButtonElement;
const soon = { timeout: 4000 };

beforeEach(() => {
  document.documentElement.lang = "zh-Hant-TW";
  document.title = "教專通";
});
afterEach(() => cleanup());

test.each([
  ["the county sets", "?as=county-lienchiang", "field:rules.max_per_plc"],
  ["a teacher reads", "?as=teacher-c", "rule:apply"],
])("%s: nothing serious stands in anybody's way", async (_, query, id) => {
  await open(query);
  await at(id);
  const found = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  const serious = found.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  expect(serious.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html}`))).toEqual([]);
});

test("moments are those of Taipei, in the years of the republic", () => {
  expect(rocMoment("2022-05-23T04:00:00Z")).toBe("111/05/23 12:00");
  expect(commonMoment("2022-04-19T16:00:00Z")).toBe("2022-04-20 00:00");
  expect(partsOf(momentAt("2022-05-23", "12:00"))).toEqual({ day: "2022-05-23", time: "12:00" });
  expect(momentAt("2022-05-23", "23:59")).toBe("2022-05-23T15:59:59.000Z");
  expect([rocMoment(null), partsOf("x").day]).toEqual(["", ""]);
});

test("what is typed is kept, shown as changes, and saved as the next version", async () => {
  await open("?as=county-lienchiang");
  expect((await at("in_force")).textContent).toContain("第 2 版，連江縣教專中心於 111/05/03 09:15 儲存");
  expect((await button("act:save_rules")).disabled).toBe(true);
  await input("field:rules.max_per_plc", "１2,000");
  await waitFor(async () => expect((await at("mine")).textContent).toContain("每群上限：15,000 元 → 12,000 元"), soon);
  expect((await at("changed")).textContent).toBe("1 處修改還沒有送出");
  expect((await at("approved")).textContent).toBe("目前已核定 126,800 元，尚餘 473,200 元");
  await fireEvent.click(await at("act:save_rules"));
  await waitFor(async () => expect((await at("in_force")).textContent).toContain("第 3 版"), soon);
  expect(screen.queryByTestId("changed")).toBeNull();
  expect((await at("version:3")).textContent).toContain("每群上限：15,000 元 → 12,000 元");
  expect(((await at("field:rules.max_per_plc")) as HTMLInputElement).value).toBe("12,000");
});

test("faults stand below their field and keep the button grey", async () => {
  await open("?as=county-lienchiang");
  await fireEvent.click(await at("act:add:levels"));
  await waitFor(async () => expect((await at("faults")).textContent).toContain("還有 1 處要修正"), soon);
  expect((await at("field:rules.levels.3.zh")).getAttribute("aria-invalid")).toBe("true");
  await input("field:rules.apply.to.day", "1110401");
  await waitFor(() => expect(screen.getByText("截止要在開始之後，請更正其中一個。")).toBeTruthy(), soon);
  expect((await button("act:save_rules")).disabled).toBe(true);
  await input("field:rules.apply.to.day", "二月三十");
  expect(screen.getByText(/看不懂「二月三十」/)).toBeTruthy();
  await input("field:rules.max_per_school", "很多");
  expect(screen.getByText("請填數字，不含單位或文字。")).toBeTruthy();
  await fireEvent.click(await at("act:revert_rules"));
  await waitFor(() => expect(screen.queryByTestId("field:rules.levels.3.zh")).toBeNull(), soon);
  expect(((await at("field:rules.apply.to.day")) as HTMLInputElement).value).toBe("111/05/23");
});

test("what is no number or day is never sent as nothing", async () => {
  await open("?as=county-lienchiang");
  await input("field:rules.max_per_plc", "一萬五");
  await input("field:rules.report.to.day", "六月底");
  await waitFor(async () => expect((await at("changed")).textContent).toContain("1 處"), soon);
  expect((await at("faults")).textContent).toContain("還有 2 處要修正");
  expect((await button("act:save_rules")).disabled).toBe(true);
  await input("field:rules.max_per_plc", "12000");
  await input("field:rules.report.to.day", "");
  await waitFor(async () => expect((await button("act:save_rules")).disabled).toBe(false), soon);
});

test("a day without a time means the whole of it", async () => {
  await open("?as=county-lienchiang");
  await input("field:rules.report.from.day", "112/6/1");
  await input("field:rules.report.to.day", "1120630");
  await fireEvent.blur(await at("field:rules.report.to.day"));
  expect(((await at("field:rules.report.to.day")) as HTMLInputElement).value).toBe("112/06/30");
  const time = async (end: string) => ((await at(`field:rules.report.${end}.time`)) as HTMLInputElement).value;
  expect(await time("to")).toBe("23:59");
});

test("levels are named, moved by the keys and removed", async () => {
  await open("?as=county-lienchiang");
  const names = () => screen.getAllByTestId(/^field:rules\.levels\.\d+\.zh$/).map((one) => (one as HTMLInputElement).value);
  await at("field:rules.levels.0.zh");
  expect(names()).toEqual(["初階", "進階", "示範"]);
  await fireEvent.keyDown(await at("field:rules.levels.2.zh"), { key: "ArrowUp", altKey: true });
  expect(names()).toEqual(["初階", "示範", "進階"]);
  await fireEvent.click(await at("act:remove:levels.0"));
  expect(names()).toEqual(["示範", "進階"]);
  await fireEvent.keyDown(await at("field:rules.levels.1.zh"), { key: "Enter" });
  await input("field:rules.levels.2.zh", "任務型社群");
  expect(names()).toEqual(["示範", "進階", "任務型社群"]);
});

test("without a line it says so, and everything typed stays", async () => {
  await open("?as=county-lienchiang&offline=1");
  await fireEvent.click(await at("field:rules.strict.total_over"));
  await input("field:rules.message", "請於期限內送出");
  await waitFor(async () => expect((await button("act:save_rules")).disabled).toBe(false), soon);
  await fireEvent.click(await at("act:save_rules"));
  const failure = await at("failure");
  expect([failure.dataset.code, failure.textContent]).toEqual(["offline", expect.stringContaining("修改都在這台電腦")]);
  expect(failure.textContent).not.toContain("自動");
  expect(((await at("field:rules.message")) as HTMLTextAreaElement).value).toBe("請於期限內送出");
  expect(((await at("field:rules.strict.total_over")) as HTMLInputElement).checked).toBe(true);
});

test("another officer's version is shown before one goes beyond it", async () => {
  await open("?as=county-lienchiang&moved=1");
  await input("field:rules.max_per_school", "60000");
  await waitFor(async () => expect((await button("act:save_rules")).disabled).toBe(false), soon);
  await fireEvent.click(await at("act:save_rules"));
  const box = await at("moved");
  expect(box.textContent).toContain("別的承辦人已先存了第 3 版");
  expect(box.textContent).toContain("最少人數（含召集人）：6 人 → 8 人");
  expect(((await at("field:rules.max_per_school")) as HTMLInputElement).value).toBe("60000");
  expect((await at("act:save_rules")).textContent?.trim()).toBe("以這裡的內容存成新的一版");
  await fireEvent.click(await at("act:save_rules"));
  await waitFor(async () => expect((await at("in_force")).textContent).toContain("第 4 版"), soon);
  expect(screen.queryByTestId("moved")).toBeNull();
});

test("a teacher reads what is asked for and can change nothing", async () => {
  await open("?as=teacher-c");
  expect((await at("rule:apply")).textContent).toBe("111/04/20 00:00 至 111/05/23 12:00");
  expect((await at("rule:report")).textContent).toBe("不限");
  expect((await at("rule:plc_budget")).textContent).toBe("需核章上傳");
  expect((await at("rule:min_members")).textContent).toBe("6 人");
  expect((await at("rule:levels")).textContent).toContain("初階（上限 7,500 元）");
  expect((await at("version:1")).textContent).toContain("申請期程：不限 → 111/04/20 00:00 至 111/05/23 12:00");
  expect(screen.queryByTestId("act:save_rules")).toBeNull();
  expect(screen.queryByTestId("rule:total_budget")).toBeNull();
});

test.each([
  ["waiting", "尚未送達：以系統收到的時間為準，申請期程至 111/05/23 12:00。請儘快連線。"],
  ["over", "尚未送達，而申請期程已於 111/05/23 12:00 截止。"],
  ["soon", "申請期程至 111/05/23 12:00 截止，以系統收到的時間為準。"],
])("the case says until when: %s", async (how, words) => {
  await open(`?as=teacher-c&full=1&closing=${how}`, "#/case/case-1");
  expect((await at("closing")).textContent?.trim()).toContain(words);
});

test("received too late is said plainly", async () => {
  await open("?as=teacher-c&full=1&late=1", "#/case/case-1");
  await fireEvent.click(await at("act:submit"));
  await fireEvent.click(await at("act:confirm"));
  await waitFor(
    async () =>
      expect((await at("delivery")).textContent).toBe(
        "未被接受：系統收到時不在申請期程內（111/04/20 00:00 至 111/05/23 12:00），所以沒有接受。輸入的內容都還在這台電腦，請與縣市承辦人聯繫。",
      ),
    soon,
  );
});
