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
  ["summary, nothing imported", "?as=school-matsu", "#/summary", "act:import"],
  ["summary, sent", "?as=school-matsu&summary=drift", "#/summary", "drift"],
  ["summaries of a county", "?as=county-lienchiang&summary=sent", "#/summary", "school:090501"],
  ["messages", "?as=teacher-c", "#/messages", "notice:0"],
  ["profile", "?as=teacher-c", "#/profile", "person"],
  ["settings", "?as=teacher-c", "#/settings", "field:settings.kai"],
  ["mail", "?as=teacher-c", "#/settings", "field:mail.reminders"],
  ["no mail", "?as=teacher-c&nomail=1", "#/settings", "mail-off"],
  ["guide", "?as=teacher-c", "#/guide", "nav:guide"],
  ["downloads", "?as=teacher-c&full=1", "#/downloads", "fill:obs_flanders"],
  ["loose paper", "?as=teacher-c&carry=1", "#/case/loose/form/obs_std105", "suggestions"],
  ["codes", "?as=teacher-c", "#/case/loose/form/obs_flanders", "field:obs_flanders.codes"],
  ["tables in a group", "?as=teacher-c", "#/case/loose/form/obs_movement", "field:obs_movement.map.seats"],
  ["case", "?as=teacher-c", "#/case/case-1", "state"],
  ["application", "?as=teacher-c", "#/case/case-1/form/plc_application", "field:plc_application.plc_name"],
  ["budget", "?as=teacher-c", "#/case/case-1/form/plc_budget", "field:plc_budget.lecturer_external_1.quantity"],
  ["running", "?as=teacher-c&full=1&bare=1&at=running", "#/case/case-1", "why:send_report"],
  ["report", "?as=teacher-c&full=1&at=running", "#/case/case-1/form/plc_report", "act:enclose"],
  ["closed", "?as=county-lienchiang&full=1&at=closed", "#/case/case-1/review", "scan:plc_report"],
  ["review", "?as=school-matsu&full=1&sent=1", "#/case/case-1/review", "act:pass"],
  ["review with remarks", "?as=school-matsu&full=1&sent=1&remarks=1", "#/case/case-1/review", "settle:plc_application.schedule"],
  ["answering", "?as=teacher-c&full=1&remarks=1", "#/case/case-1/form/plc_application", "answer:plc_application.plc_summary"],
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

test("the school names another convener, with the county's consent", async () => {
  await open("?as=school-matsu&full=1&sent=1", "#/case/case-1");
  await fireEvent.click(await at("act:change_convener"));
  const box = screen.getByRole("dialog", { name: "更換社群召集人" });
  expect((await at("old_convener")).textContent?.replaceAll(/\s/g, "")).toBe("原社群召集人:市北測試87老師");
  const search = await at("field:convener.search");
  expect(document.activeElement).toBe(search);
  for (const note of [
    "一位老師只能擔任一個社群的召集人，無法更換已擔任召集人的老師。",
    "更換召集人，務必經過縣市（教專中心）同意，方可更動。",
    "連江縣規定，若為跨校社群更動成員，請務必發函報教育局變更；若為校內社群，請循校內程序辦理。",
  ])
    expect(box.textContent).toContain(note);
  // Who convenes already is there, grey, with the reason.
  const busy = (await at("convener:t8620")) as HTMLInputElement;
  expect(busy.disabled).toBe(true);
  expect(busy.closest("label")?.textContent).toContain("這位老師已擔任其他社群的召集人");
  expect(await serious()).toEqual([]);

  // Nothing goes without a person and the consent.
  await fireEvent.click(await at("act:confirm"));
  expect(screen.getByText("請選擇新社群召集人。")).toBeTruthy();
  expect(screen.getByText("請註明縣市（教專中心）的同意文號或說明。")).toBeTruthy();
  // With the keyboard alone: filter in any width, down into the list.
  await fireEvent.input(search, { target: { value: "３１８" } });
  expect(screen.getAllByTestId(/^convener:/)).toHaveLength(1);
  await fireEvent.keyDown(search, { key: "ArrowDown" });
  expect(document.activeElement).toBe(await at("convener:t8918"));
  expect((await at("new_convener")).textContent).toContain("市北測試318老師");
  await fireEvent.input(search, { target: { value: "沒有這個人" } });
  expect(screen.getByText("沒有符合的老師。")).toBeTruthy();
  await fireEvent.input(await at("field:convener.consent"), { target: { value: "府教專字第1號" } });
  await fireEvent.click(await at("act:confirm"));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(screen.getByText("市北測試318老師")).toBeTruthy());
});

test("without a line nobody can be chosen, and that is said", async () => {
  await open("?as=school-matsu&full=1&sent=1&offline=1", "#/case/case-1");
  await fireEvent.click(await at("act:change_convener"));
  expect((await at("failure")).textContent).toContain("要連線才知道可以選擇哪些老師");
  expect(((await at("act:confirm")) as HTMLButtonElement).disabled).toBe(true);
  await fireEvent.click(await at("act:dismiss"));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a convener who was chosen meanwhile is refused, and the box stays", async () => {
  await open("?as=school-matsu&full=1&sent=1&taken=1", "#/case/case-1");
  await fireEvent.click(await at("act:change_convener"));
  await fireEvent.click(await at("convener:t8920"));
  await fireEvent.input(await at("field:convener.consent"), { target: { value: "府教專字第1號" } });
  await fireEvent.click(await at("act:confirm"));
  expect((await at("failure")).textContent).toContain("這位老師已擔任其他社群的召集人，所以沒有更換");
  expect(((await at("field:convener.consent")) as HTMLInputElement).value).toBe("府教專字第1號");
});

test("the teacher is offered no change of the convener", async () => {
  await open("?as=teacher-c&full=1", "#/case/case-1");
  await at("act:submit");
  expect(screen.queryByTestId("act:change_convener")).toBeNull();
});

test("a new convener corrects their own data and nothing else, without a line", async () => {
  await open("?as=teacher-c&full=1&at=county_check&handed=1&offline=1", "#/case/case-1");
  expect((await at("paper-status:plc_application")).textContent).toBe("召集人資料尚未更正");
  expect(((await at("act:correct_convener")) as HTMLButtonElement).disabled).toBe(true);
  expect((await at("why:correct_convener")).textContent).toContain("尚未更正召集人資料");
  // Stamped and sent: nothing is uploaded anew, nothing taken away.
  expect(screen.queryByTestId("act:attach:plc_application")).toBeNull();
  await fireEvent.click(await at("act:scan:plc_application"));
  await at("act:close_scan");
  expect(screen.queryByTestId("act:remove_scan")).toBeNull();
  cleanup();

  await open("?as=teacher-c&full=1&at=county_check&handed=1&offline=1", "#/case/case-1/form/plc_application");
  expect((await at("only")).textContent).toContain("只能更正「社群召集人」「召集人電話」「召集人Email」");
  const typed = (id: string) => screen.getByTestId(id) as HTMLInputElement;
  expect(typed("field:plc_application.convener_name").readOnly).toBe(false);
  expect(typed("field:plc_application.plc_name").readOnly).toBe(true);
  expect(screen.getByTestId("suggestions").textContent).toContain("市北測試87老師");
  expect(await serious()).toEqual([]);
  await fireEvent.click(await at("act:accept_all"));
  await waitFor(() => expect(typed("field:plc_application.convener_name").value).toBe("市北測試87老師"));
  expect(typed("field:plc_application.convener_email").value).toBe("teacher-c@example.edu.tw");
  expect(screen.queryByTestId("suggestions")).toBeNull();
  await waitFor(async () => expect((await at("save-state")).textContent).toMatch(/^已儲存/), { timeout: 3000 });

  location.hash = "#/case/case-1";
  await waitFor(async () => expect((await at("paper-status:plc_application")).textContent).toBe("召集人資料已更正，尚未送出"));
  await fireEvent.click(await at("act:correct_convener"));
  expect(screen.getByRole("dialog", { name: "更正召集人資料" }).textContent).toContain("核章上傳檔都維持不變");
  await fireEvent.click(await at("act:confirm"));
  await waitFor(async () => expect((await at("delivery")).textContent).toBe("尚未送達（連線後送出）"));
  expect((await at("state")).textContent).toBe("執行計畫挑選_可彙整");
  expect(screen.queryByTestId("act:correct_convener")).toBeNull();
  expect((await at("stamped-before:plc_application")).textContent).toContain("掃描檔是更正前的第 1 版次");
});

test("who judges sees that the convener's data were corrected after stamping, and what", async () => {
  await open("?as=county-lienchiang&full=1&at=county_check&handed=corrected", "#/case/case-1/review");
  expect((await at("stamped-before:plc_application")).textContent).toContain("核章後更正過召集人資料");
  const change = await at("change:plc_application.convener_name");
  expect(change.textContent).toContain("市北測試20老師");
  expect(change.textContent).toContain("市北測試87老師");
  expect(screen.queryByTestId("stamped-before:plc_budget")).toBeNull();
  expect(await serious()).toEqual([]);
  cleanup();
  await open("?as=school-matsu&full=1&at=county_check&handed=corrected", "#/case/case-1");
  expect((await at("steps")).textContent).toContain("更正召集人資料");
  expect((await at("stamped-before:plc_application")).textContent).toContain("第 1 版次");
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

test("the report says what it lacks, with the one next step", async () => {
  for (const [query, words, step, label] of [
    ["", "尚未填寫", "act:edit:plc_report", "新增"],
    ["&full=1&half=1&bare=1", "還有 1 處未完成", "act:edit:plc_report", "編輯"],
    ["&full=1&bare=1", "尚未上傳成果分享", "act:attach:plc_report", "上傳成果分享"],
    ["&full=1", "完成", "act:edit:plc_report", "編輯"],
  ] as const) {
    await open(`?as=teacher-c&at=running${query}`, "#/case/case-1");
    expect((await at("paper-status:plc_report")).textContent, query).toBe(words);
    const last = [...((await at("paper:plc_report")).querySelectorAll("button") ?? [])].at(-1);
    expect([last?.dataset.testid, last?.textContent?.trim()], query).toEqual([step, label]);
    cleanup();
  }
});

test("what belongs to the report is uploaded without a word of stamps, seen, and taken away again", async () => {
  await open("?as=teacher-c&full=1&bare=1&at=running", "#/case/case-1");
  expect(((await at("act:send_report")) as HTMLButtonElement).disabled).toBe(true);
  expect((await at("why:send_report")).textContent).toContain("尚未上傳成果分享");
  await fireEvent.click(await at("act:attach:plc_report"));
  const box = screen.getByRole("dialog", { hidden: true });
  expect(box.textContent).toContain("上傳成果分享：教師專業學習社群成果報告");
  expect(box.textContent).toContain("附件總數為一個檔案");
  await fireEvent.click(await at("act:pick"));
  expect((await at("attached")).textContent).toContain("已附上 2 頁");
  expect(box.textContent).not.toMatch(/核章|QR|掃描/);
  expect(await serious()).toEqual([]);
  await fireEvent.click(await at("act:confirm"));
  expect((await at("paper-status:plc_report")).textContent).toBe("完成");
  expect(((await at("act:send_report")) as HTMLButtonElement).disabled).toBe(false);
  await fireEvent.click(await at("act:scan:plc_report"));
  expect((await at("scan:plc_report")).getAttribute("alt")).toBe("附件第 1 頁");
  await fireEvent.click(await at("act:remove_scan"));
  await waitFor(async () => expect((await at("paper-status:plc_report")).textContent).toBe("尚未上傳成果分享"));
});

test("a refused enclosure says what happened and what to do", async () => {
  await open("?as=teacher-c&full=1&bare=1&at=running&refuse=encrypted", "#/case/case-1");
  await fireEvent.click(await at("act:attach:plc_report"));
  await fireEvent.click(await at("act:pick"));
  expect((await at("failure")).textContent).toContain("請存成沒有密碼的 PDF");
  expect((await at("act:cancel_attach")).textContent).toBe("取消");
});

test("it is uploaded from the form too", async () => {
  await open("?as=teacher-c&full=1&bare=1&at=running", "#/case/case-1/form/plc_report");
  expect((await at("field:plc_report.outcome_file")).textContent?.trim()).toBe("上傳成果分享");
  expect(document.querySelector("main")?.textContent).toContain("還有 1 處要完成");
  await fireEvent.click(await at("act:enclose"));
  await fireEvent.click(await at("act:pick"));
  await at("attached");
  await fireEvent.click(await at("act:confirm"));
  await waitFor(async () => expect((await at("field:plc_report.outcome_file")).textContent).toContain("成果分享 2 頁"));
  expect(document.querySelector("main")?.textContent).toContain("全部填完了。");
  expect((await at("act:look_enclosure")).textContent?.trim()).toBe("查看成果分享");
});

test("the report is sent after the box of the slides, and then everything can only be read", async () => {
  await open("?as=teacher-c&full=1&at=running", "#/case/case-1");
  await fireEvent.click(await at("act:send_report"));
  const box = screen.getByRole("dialog", { hidden: true });
  expect(box.querySelector("h2")?.textContent).toBe("送出文件");
  expect([...box.querySelectorAll("p")].map((one) => one.textContent)).toEqual([
    "提醒您：送出後即不可再修改",
    "★提醒您 成果報告送出後無退件機制。",
  ]);
  expect([...box.querySelectorAll("button")].map((one) => one.textContent?.trim())).toEqual(["取消", "確定"]);
  await fireEvent.click(await at("act:confirm"));
  await waitFor(async () => expect((await at("state")).textContent).toBe("結案_可彙整"));
  for (const form of ["plc_application", "plc_budget", "plc_report"]) {
    expect((await at(`paper-status:${form}`)).textContent).toBe("已送出");
    expect((await at(`act:view:${form}`)).textContent?.trim()).toBe("查看");
  }
  expect((await at("act:scan:plc_report")).textContent?.trim()).toBe("查看成果分享");
  expect(screen.queryByTestId("act:send_report")).toBeNull();
});

test("the county approves with an amount", async () => {
  await open("?as=county-lienchiang&full=1&at=county_check", "#/case/case-1");
  await fireEvent.click(await at("act:approve"));
  await fireEvent.input(await at("field:approve.amount"), { target: { value: "一萬" } });
  await fireEvent.click(await at("act:confirm"));
  expect(screen.getByText("核定金額請填數字。")).toBeTruthy();
  await fireEvent.input(await at("field:approve.amount"), { target: { value: "12,680" } });
  await fireEvent.click(await at("act:confirm"));
  await waitFor(async () => expect((await at("state")).textContent).toBe("執行後並填寫成果報告書"));
  expect(screen.getByText("12,680 元")).toBeTruthy();
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

test("檔案下載 stands in the menu and lists every form in its group", async () => {
  await open("?as=teacher-c", "#/home");
  const menu = (await at("nav:downloads")).closest("ul");
  const pages = [...(menu?.querySelectorAll<HTMLElement>("[data-testid]") ?? [])].map((one) => one.dataset.testid);
  expect(pages.slice(pages.indexOf("nav:downloads") - 1, pages.indexOf("nav:downloads") + 2)).toEqual([
    "nav:messages",
    "nav:downloads",
    "nav:guide",
  ]);
  await fireEvent.click(await at("nav:downloads"));
  await at("fill:plc_application");
  expect(screen.getAllByTestId(/^fill:/)).toHaveLength(22);
  expect(screen.getByRole("region", { name: "教師專業學習社群" }).querySelectorAll("li")).toHaveLength(4);
});

test("the list is filtered as one types, in any width and language", async () => {
  await open("?as=teacher-c", "#/downloads");
  const filter = await at("field:downloads.filter");
  for (const [words, count] of [
    ["觀察後", 2],
    ["１０５", 1],
    ["flanders", 1],
    ["沒有這種表", 0],
  ] as const) {
    await fireEvent.input(filter, { target: { value: words } });
    expect(screen.queryAllByTestId(/^fill:/), words).toHaveLength(count);
  }
  expect(screen.getByText("沒有符合的表件。")).toBeTruthy();
});

test("an empty form is saved where the person says, and that is said", async () => {
  await open("?as=teacher-c", "#/downloads");
  await fireEvent.click(await at("blank:plc_budget:odt"));
  expect((await at("written")).textContent).toContain("已存到 /home/me/文件/教師專業學習社群經費概算表-空白表.odt");
  expect(await at("act:open_file")).toBeTruthy();
});

test("an empty form that could not be written is said at its row", async () => {
  await open("?as=teacher-c&refuse=file_access", "#/downloads");
  await fireEvent.click(await at("blank:plc_budget:pdf"));
  const refusal = await at("failure");
  expect(refusal.closest("li")?.dataset.testid).toBe("form:plc_budget");
  expect(refusal.textContent).toContain("教師專業學習社群經費概算表-空白表.pdf");
});

test("a loose paper says what it is, leads back to 檔案下載, and is gone on with later", async () => {
  await open("?as=teacher-c", "#/downloads");
  expect((await at("fill:plc_budget")).textContent).toBe("填寫");
  location.hash = (await at("fill:plc_budget")).getAttribute("href") ?? "";
  expect((await at("loose")).textContent).toBe("單張表件：只存在這台電腦，列印時標示草稿");
  const way = screen.getByRole("navigation", { name: "目前位置" }).textContent;
  expect(way?.replaceAll(/\s/g, "")).toBe("首頁檔案下載教師專業學習社群經費概算表");
  await fireEvent.input(await at("field:plc_budget.materials.quantity"), { target: { value: "2" } });
  await waitFor(async () => expect((await at("save-state")).textContent).toContain("已儲存"), { timeout: 3000 });
  await fireEvent.click(await at("act:save"));
  await waitFor(async () => expect(((await at("act:save")) as HTMLButtonElement).disabled).toBe(false));
  await fireEvent.click(await at("act:cancel"));
  await waitFor(async () => expect((await at("fill:plc_budget")).textContent).toBe("繼續填寫"));
});

test("a loose paper is printed as a draft", async () => {
  await open("?as=teacher-c&full=1", "#/case/loose/form/plc_budget");
  await fireEvent.click(await at("act:print"));
  expect((await at("printed")).textContent).toContain("草稿");
  expect(screen.getByRole("heading", { name: "列印草稿" })).toBeTruthy();
});

test("a loose paper is emptied only after asking", async () => {
  await open("?as=teacher-c&full=1", "#/case/loose/form/adv_appeal");
  const county = (await at("field:adv_appeal.county")) as HTMLInputElement;
  expect(county.value).not.toBe("");
  await fireEvent.click(await at("act:clear_paper"));
  await fireEvent.click(await at("act:dismiss"));
  expect(county.value).not.toBe("");
  await fireEvent.click(await at("act:clear_paper"));
  await fireEvent.click(await at("act:confirm"));
  await waitFor(async () => expect(((await at("field:adv_appeal.county")) as HTMLInputElement).value).toBe(""));
});

test("a paper of a case is no loose one", async () => {
  await open("?as=teacher-c", "#/case/case-1/form/plc_budget");
  await at("act:print");
  expect(screen.queryByTestId("loose")).toBeNull();
  expect(screen.queryByTestId("act:clear_paper")).toBeNull();
});

test("a form is exported to where the person says", async () => {
  await open("?as=teacher-c&full=1", "#/case/case-1/form/plc_budget");
  const opener = await at("act:export");
  opener.focus();
  await fireEvent.keyDown(opener, { key: "Enter" });
  const item = await at("act:export:docx");
  item.focus();
  await fireEvent.keyDown(item, { key: "Enter" });
  expect((await at("printed-path")).textContent).toBe("/home/me/文件/教師專業學習社群經費概算表.docx");
  expect(await at("act:open_print")).toBeTruthy();
});

test("匯入資料 asks first, says what it leaves out, and opens the way to edit and send", async () => {
  await open("?as=school-matsu", "#/summary");
  expect((await at("state")).textContent).toBe("尚未匯入資料");
  await fireEvent.click(await at("act:import"));
  const box = await screen.findByRole("dialog");
  expect(box.textContent).toContain("還有 2 件申請尚未通過形式審");
  await fireEvent.click(await at("act:confirm"));
  await waitFor(() => expect(screen.getByTestId("state").textContent).toBe("彙整中"));
  expect(screen.getByTestId("act:edit:plc_summary").textContent?.trim()).toBe("編輯");
  expect((screen.getByTestId("act:send") as HTMLButtonElement).disabled).toBe(true);
  expect(screen.getByTestId("act:import").textContent?.trim()).toBe("重新匯入資料");
});

test("重新匯入資料 after sending warns that the 總表 is taken back from the county", async () => {
  await open("?as=school-matsu&summary=sent", "#/summary");
  await fireEvent.click(await at("act:import"));
  const box = await screen.findByRole("dialog");
  expect(box.textContent).toContain("抽回");
  expect(box.textContent).toContain("務必先向縣市（教專中心）說明");
  await fireEvent.click(await at("act:dismiss"));
  expect(screen.getByTestId("state").textContent).toBe("已送出");
});

test("a school remarks at a field, settles what is done, and takes both along with 退件", async () => {
  await open("?as=school-matsu&full=1&sent=1&remarks=1", "#/case/case-1/review");
  await fireEvent.click(await at("act:remark:plc_application.plc_name"));
  const place = (await at("remark:plc_application.plc_name")) as HTMLTextAreaElement;
  expect(document.activeElement).toBe(place);
  await fireEvent.input(place, { target: { value: "社群名稱請與計畫一致。" } });
  await fireEvent.blur(place);
  const settle = (await at("settle:plc_application.plc_summary")) as HTMLInputElement;
  await fireEvent.click(settle);
  await waitFor(() => expect(screen.getByTestId("remarks:plc_application.plc_summary").textContent).toContain("已解決"));
  await fireEvent.click(await at("act:return"));
  expect((await at("remarks-along")).textContent).toContain("1 則");
});

test("a teacher answers at the field, and what is written is kept", async () => {
  await open("?as=teacher-c&full=1&remarks=1", "#/case/case-1/form/plc_application");
  const place = (await at("answer:plc_application.schedule")) as HTMLTextAreaElement;
  await fireEvent.input(place, { target: { value: "已加一場公開授課。" } });
  await fireEvent.blur(place);
  await waitFor(() => expect(screen.getByTestId("remarks:plc_application.schedule").textContent).toContain("已回覆"));
  expect(screen.queryByTestId("act:remark:plc_application.schedule")).toBeNull();
});

test("how mails come is chosen and kept by the service", async () => {
  await open("?as=teacher-c", "#/settings");
  expect((await at("mail-address")).textContent).toBe("寄到 teacher-c@example.edu.tw");
  const daily = (await at("field:mail.mail:daily")) as HTMLInputElement;
  expect(daily.closest("label")?.textContent?.trim()).toBe("每天 7 時寄送一封，列出未讀訊息的標題");
  await fireEvent.click(daily);
  await waitFor(() => expect(screen.getByText("已儲存寄送方式。")).toBeTruthy());
  expect(daily.checked).toBe(true);
  await fireEvent.click(await at("field:mail.mail:never"));
  await fireEvent.click(await at("field:mail.reminders"));
  await waitFor(() => expect(document.querySelector("[aria-disabled=true]")).toBe(null));
  cleanup();
  render(App);
  await waitFor(async () => expect(((await at("field:mail.reminders")) as HTMLInputElement).checked).toBe(false));
  expect(((await at("field:mail.mail:never")) as HTMLInputElement).checked).toBe(true);
});

test("a choice that did not arrive is not shown as made", async () => {
  await open("?as=teacher-c&cut=1", "#/settings");
  await fireEvent.click(await at("field:mail.mail:never"));
  expect((await at("failure")).textContent).toContain("要連線才能查看和更改寄送方式");
  await fireEvent.click(screen.getByText("再試一次"));
  await waitFor(async () => expect(((await at("field:mail.mail:at_once")) as HTMLInputElement).checked).toBe(true));
});

test("without a line and without an address, that is said", async () => {
  await open("?as=teacher-c&offline=1", "#/settings");
  expect((await at("failure")).textContent).toContain("要連線才能查看和更改寄送方式");
  expect(screen.queryByTestId("field:mail.reminders")).toBeNull();
  cleanup();
  await open("?as=teacher-c&nomail=1", "#/settings");
  expect((await at("mail-address")).textContent).toContain("帳號沒有登記電子郵件");
  expect((await at("mail-off")).textContent).toContain("目前不寄送電子郵件");
});

test("only unread messages are shown when that is wished", async () => {
  await open("?as=teacher-c", "#/messages");
  await at("notice:1");
  const filter = await at("filter:unread");
  expect(filter.closest("label")?.textContent?.trim()).toBe("只看未讀（1）");
  await fireEvent.click(filter);
  expect(screen.queryByTestId("notice:1")).toBeNull();
  await fireEvent.click(await at("notice:0"));
  await fireEvent.click(await at("act:confirm"));
  await waitFor(() => expect(screen.getByText("沒有未讀的訊息。")).toBeTruthy());
});
