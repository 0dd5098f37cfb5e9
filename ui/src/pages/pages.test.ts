import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import App from "../App.svelte";
// Fetched late by the window; here beforehand, so that no test waits for a compiler.
import "./Form.svelte";
import "./Review.svelte";
import { start } from "../app/session.svelte";
import { begin } from "../fakes/rpc";

/** The whole window at an address, over the stand-ins of the program. */
async function open(query: string, hash: string) {
  history.replaceState(null, "", `/${query}${hash}`);
  begin(query);
  await start();
  render(App);
}

const at = (id: string) => screen.findByTestId(id, {}, { timeout: 4000 });

/** What axe finds serious; colours are measured in their own test, jsdom draws none. */
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

test.each([
  ["sign-in", "", "#/home", "field:sign_in.account"],
  ["home", "?as=teacher-c", "#/home", "case:case-1"],
  ["functions", "?as=teacher-c", "#/functions", "tile:cases"],
  ["cases", "?as=teacher-c", "#/cases", "act:new"],
  ["search", "?as=school-matsu", "#/search", "case:case-2"],
  ["messages", "?as=teacher-c", "#/messages", "notice:0"],
  ["profile", "?as=teacher-c", "#/profile", "person"],
  ["settings", "?as=teacher-c", "#/settings", "field:settings.kai"],
  ["guide", "?as=teacher-c", "#/guide", "nav:guide"],
  ["case", "?as=teacher-c", "#/case/case-1", "state"],
  ["application", "?as=teacher-c", "#/case/case-1/form/plc_application", "field:plc_application.plc_name"],
  ["budget", "?as=teacher-c", "#/case/case-1/form/plc_budget", "field:plc_budget.lecturer_external_1.quantity"],
  ["review", "?as=school-matsu&full=1&sent=1", "#/case/case-1/review", "act:pass"],
])("%s: nothing serious stands in anybody's way", async (_, query, hash, id) => {
  await open(query, hash);
  await at(id);
  expect(await serious()).toEqual([]);
});

test("what is typed is saved by itself and said", async () => {
  await open("?as=teacher-c", "#/case/case-1/form/plc_application");
  const name = await at("field:plc_application.plc_name");
  await fireEvent.input(name, { target: { value: "一起學英文" } });
  expect((await at("save-state")).textContent).toBe("尚未儲存");
  await waitFor(async () => expect((await at("save-state")).textContent).toMatch(/^已儲存 \d\d:\d\d:\d\d$/), { timeout: 3000 });
});

test("a full disk is said in words and nothing typed disappears", async () => {
  await open("?as=teacher-c&disk=1", "#/case/case-1/form/plc_application");
  const name = (await at("field:plc_application.plc_name")) as HTMLInputElement;
  await fireEvent.input(name, { target: { value: "一起學英文" } });
  await waitFor(async () => expect((await at("save-state")).textContent).toContain("磁碟已滿"), { timeout: 3000 });
  expect(name.value).toBe("一起學英文");
});

test("the act is grey and says why, until it can be done", async () => {
  await open("?as=teacher-c", "#/case/case-1");
  expect(((await at("act:submit")) as HTMLButtonElement).disabled).toBe(true);
  const why = (await at("why:submit")).textContent;
  expect(why).toContain("尚未填寫完成：教師專業學習社群申請表、教師專業學習社群經費概算表");
  expect(why).toContain("尚未核章上傳");
});

test("sent after a box as on the slides; the state and the delivery follow", async () => {
  await open("?as=teacher-c&full=1", "#/case/case-1");
  await fireEvent.click(await at("act:submit"));
  expect(screen.getByText(/提醒您：送出後即不可再修改/)).toBeTruthy();
  expect((await at("act:confirm")).textContent).toBe("確定");
  await fireEvent.click(await at("act:confirm"));
  await waitFor(async () => expect((await at("state")).textContent).toBe("形式審"));
  expect((await at("delivery")).textContent).toBe("已送達");
});

test("sent offline it is not called delivered, and the banner says so once", async () => {
  await open("?as=teacher-c&full=1&offline=1", "#/case/case-1");
  expect((await at("banner")).textContent).toBe("目前離線，內容都存在這台電腦，連線後送出");
  await fireEvent.click(await at("act:submit"));
  await fireEvent.click(await at("act:confirm"));
  await waitFor(async () => expect((await at("delivery")).textContent).toBe("尚未送達（連線後送出）"));
});

test("returning needs a reason", async () => {
  await open("?as=school-matsu&full=1&sent=1", "#/case/case-1");
  await fireEvent.click(await at("act:return"));
  await fireEvent.click(await at("act:confirm"));
  expect(screen.getByText("請填寫原因，老師才知道要修改什麼。")).toBeTruthy();
  await fireEvent.input(await at("field:return.reason"), { target: { value: "尚未核章上傳" } });
  await fireEvent.click(await at("act:confirm"));
  await waitFor(async () => expect((await at("state")).textContent).toBe("申請社群"));
  expect((await at("reason")).textContent).toBe("尚未核章上傳");
});

test("a refused scan says what happened and what to do", async () => {
  await open("?as=teacher-c&full=1&refuse=other_revision", "#/case/case-1");
  await fireEvent.click(await at("act:attach:plc_budget"));
  await fireEvent.click(await at("act:pick"));
  const refusal = await at("failure");
  expect(refusal.dataset.code).toBe("other_revision");
  expect(refusal.textContent).toContain("第 2 頁是第 1 次列印的");
});

test("an attached scan shows its pages and the cell that looks empty", async () => {
  await open("?as=teacher-c&full=1", "#/case/case-1");
  await fireEvent.click(await at("act:attach:plc_budget"));
  await fireEvent.click(await at("act:pick"));
  expect((await at("attached")).textContent).toContain("找到 2 頁");
  expect((await at("stamp:sign_principal")).textContent).toContain("校長章的格子看起來是空的");
  expect(await serious()).toEqual([]);
});

test("a wrong password is said without blame, and the account stays", async () => {
  await open("", "#/home");
  const account = (await at("field:sign_in.account")) as HTMLInputElement;
  await fireEvent.input(account, { target: { value: "teacher-c" } });
  await fireEvent.input(await at("field:sign_in.password"), { target: { value: "no" } });
  await fireEvent.click(await at("act:sign_in"));
  expect((await at("failure")).textContent).toContain("帳號或密碼不符");
  expect(account.value).toBe("teacher-c");
});

test("in English no Chinese sentence is left around the person's own words", async () => {
  await open("?as=teacher-c&language=en&nothing=1", "#/cases");
  await at("act:new");
  expect(document.documentElement.lang).toBe("en");
  expect(document.querySelector("main")?.textContent).not.toMatch(/\p{Script=Han}/u);
});

test("two texts of one field are shown side by side, and one is picked", async () => {
  await open("?as=teacher-c&clash=1", "#/case/case-1/form/plc_application");
  const clash = await at("clash:plc_name");
  expect(clash.textContent).toContain("我愛上學");
  expect(clash.textContent).toContain("一起學英文");
  await fireEvent.click(await at("act:pick_theirs:plc_name"));
  await waitFor(() => expect(screen.queryByTestId("clash:plc_name")).toBeNull());
  expect(((await at("field:plc_application.plc_name")) as HTMLInputElement).value).toBe("一起學英文");
});
