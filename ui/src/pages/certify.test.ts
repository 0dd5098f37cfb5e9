import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import App from "../App.svelte";
// Fetched late by the window; here beforehand, so that no test waits for a compiler.
import "./Form.svelte";
import "./Review.svelte";
import "./Sheet.svelte";
import { start } from "../app/session.svelte";
import { begin } from "../fakes/rpc";
import CertifyHistory from "../parts/CertifyHistory.svelte";

/** The whole window at an address, over the stand-ins of the program. */
async function open(query: string, hash = "#/case/adv-1") {
  history.replaceState(null, "", `/${query}${hash}`);
  begin(query);
  await start();
  render(App);
}

const at = (id: string) => screen.findByTestId(id, {}, { timeout: 4000 });
const words = async (id: string) => (await at(id)).textContent?.replaceAll(/\s+/g, " ").trim();
const disabled = async (id: string) => ((await at(id)) as HTMLButtonElement).disabled;
const choose = async (id: string, value: string) => fireEvent.change(await at(id), { target: { value } });

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
  window.innerWidth = 1440;
});
afterEach(() => cleanup());

test.each([
  ["slots", "?as=teacher-c&cert=preparing", "#/case/adv-1", "slot:slot_obs"],
  ["corrections", "?as=teacher-c&cert=first_fix", "#/case/adv-1", "sheet:5"],
  ["an appeal", "?as=teacher-c&cert=second_failed", "#/case/adv-1", "appeal-until"],
  ["a decision", "?as=county-lienchiang&cert=first_decide&like=93", "#/case/adv-1", "decide"],
  ["an appeal at the desk", "?as=county-lienchiang&cert=appeal_intake", "#/case/adv-1", "appeal-paper"],
  ["the formal check", "?as=county-lienchiang&cert=form_review", "#/case/adv-1/sheet", "tab:adv_checklist"],
  ["a review", "?as=reviewer-a&cert=first_review&written=1&like=72", "#/case/adv-1/sheet", "act:review"],
  ["home of a reviewer", "?as=reviewer-a&cert=first_review", "#/home", "case:adv-1"],
])("%s: nothing serious stands in anybody's way", async (_, query, hash, id) => {
  await open(query, hash);
  await at(id);
  expect(await serious()).toEqual([]);
});

describe("the slots of 編輯表單列表", () => {
  test("新增 stays grey until a form is picked; a slot of one form has it already", async () => {
    await open("?as=teacher-c&cert=preparing");
    expect((await screen.findAllByTestId(/^slot:/)).map((slot) => slot.querySelector("label")?.textContent)).toEqual([
      "實施證明",
      "社群參與證明",
      "觀察前會談紀錄表",
      "觀察紀錄表",
      "觀察後回饋會談紀錄表",
      "認證檢核表",
    ]);
    expect(within(await at("slot:slot_open_class")).queryByRole("combobox")).toBeNull();
    expect((await at("act:edit:open_class_proof")).textContent?.trim()).toBe("新增");
    expect(await disabled("act:new:slot_obs")).toBe(true);
    await choose("field:slot_obs", "obs_anecdotal");
    expect((await at("act:edit:obs_anecdotal")).textContent?.trim()).toBe("新增");
    expect(screen.queryByTestId("act:new:slot_obs")).toBeNull();
    await fireEvent.click(await at("act:edit:obs_anecdotal"));
    await waitFor(() => expect(location.hash).toBe("#/case/adv-1/form/obs_anecdotal"));
  });

  test("picking stays where the keyboard is, and the select is named by its slot", async () => {
    await open("?as=teacher-c&cert=preparing");
    const select = await screen.findByRole("combobox", { name: "觀察前會談紀錄表" });
    select.focus();
    await choose("field:slot_pre", "pre_conference_a");
    await at("act:edit:pre_conference_a");
    expect(document.activeElement).toBe(select);
  });

  test("picking another form keeps what was filled in of the one before, and says so", async () => {
    await open("?as=teacher-c&cert=preparing&full=1");
    expect(await words("paper-status:obs_anecdotal")).toBe("完成");
    expect(screen.queryByTestId("kept:slot_obs")).toBeNull();
    await choose("field:slot_obs", "obs_verbatim");
    expect(await words("kept:slot_obs")).toBe("填寫過的「軼事紀錄表」仍保留，改選回來就能繼續填寫。");
    expect(await screen.findByText("已改選「選擇性逐字紀錄表」，「軼事紀錄表」填寫的內容仍保留。")).toBeTruthy();
    expect(await words("paper-status:obs_verbatim")).toBe("尚未填寫");
    await choose("field:slot_obs", "obs_anecdotal");
    await waitFor(async () => expect(await words("paper-status:obs_anecdotal")).toBe("完成"));
  });

  test("further records come and go beside the first one, which stays the primary", async () => {
    await open("?as=teacher-c&cert=preparing&full=1");
    expect(await disabled("act:pick_more:slot_obs")).toBe(true);
    await choose("field:slot_obs.more", "obs_flanders");
    await fireEvent.click(await at("act:pick_more:slot_obs"));
    expect(await words("paper-status:obs_flanders")).toBe("尚未填寫");
    expect(((await at("field:slot_obs")) as HTMLSelectElement).value).toBe("obs_anecdotal");
    expect(await disabled("act:pick_more:slot_obs")).toBe(true);
    expect(await words("why:submit")).toContain("尚未填寫完成：佛蘭德斯互動分析法量化分析表");
    await fireEvent.click(await screen.findByRole("button", { name: "移除 佛蘭德斯互動分析法量化分析表" }));
    await waitFor(() => expect(screen.queryByTestId("paper-status:obs_flanders")).toBeNull());
    expect(await disabled("act:submit")).toBe(false);
    // Only the record of the observation may lie there twice.
    expect(screen.queryByTestId("field:slot_pre.more")).toBeNull();
  });

  test("a refused pick is said, and the select shows what is picked", async () => {
    await open("?as=teacher-c&cert=preparing&refuse=store_busy");
    await choose("field:slot_obs", "obs_anecdotal");
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(((await at("field:slot_obs")) as HTMLSelectElement).value).toBe("");
    expect(await disabled("act:new:slot_obs")).toBe(true);
  });
});

describe("the acts of the teacher", () => {
  test("送出審查文件 is grey with every reason by its name", async () => {
    await open("?as=teacher-c&cert=preparing");
    expect((await at("act:submit")).textContent?.trim()).toBe("送出審查文件");
    expect(await disabled("act:submit")).toBe(true);
    const why = await words("why:submit");
    expect(why).toContain("尚未選擇表件：觀察前會談紀錄表、觀察紀錄表、觀察後回饋會談紀錄表");
    expect(why).toContain("尚未填寫完成：公開授課實施證明");
    expect(why).toContain("尚未核章上傳：公開授課實施證明");
  });

  test("sent after a box that says it cannot be changed any more", async () => {
    await open("?as=teacher-c&cert=preparing&full=1");
    await fireEvent.click(await at("act:submit"));
    expect(screen.getByText(/提醒您：送出後即不可再修改/)).toBeTruthy();
    await fireEvent.click(await at("act:confirm"));
    await waitFor(async () => expect(await words("state")).toBe("形式審查"));
    expect(screen.queryByTestId("slot:slot_obs")).toBeNull();
  });

  test("after a return the reason and the sheet of the formal check are there", async () => {
    await open("?as=teacher-c&cert=preparing&full=1&returned=1");
    expect(await words("reason")).toContain("未核章");
    expect(await words("sheet:3")).toContain("形式審查表 結果 退件");
    (await at("act:sheet:3")).focus();
    await fireEvent.click(await at("act:sheet:3"));
    const box = screen.getByRole("dialog", { name: "形式審查表" });
    expect(await within(box).findByTestId("sheet-pages")).toBeTruthy();
    await waitFor(async () => expect(await disabled("act:print_sheet")).toBe(false));
    await fireEvent.click(await at("act:print_sheet"));
    expect(await words("printed-path")).toContain("形式審查表-3.pdf");
    await fireEvent.click(await at("act:close_print"));
    await fireEvent.click(await at("act:close_sheet"));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect((document.activeElement as HTMLElement).dataset.testid).toBe("act:sheet:3");
  });

  test("only the papers of the observation open for corrections, and they go with 送出複審資料", async () => {
    await open("?as=teacher-c&cert=first_fix");
    expect((await screen.findAllByTestId(/^slot:/)).map((slot) => slot.dataset.testid)).toEqual([
      "slot:slot_pre",
      "slot:slot_obs",
      "slot:slot_post",
    ]);
    expect(await words("sheet:5")).toContain("進階審查標準表 初審 結果 修正後複審");
    expect((await at("act:resubmit")).textContent?.trim()).toBe("送出複審資料");
    await fireEvent.click(await at("act:resubmit"));
    await fireEvent.click(await at("act:confirm"));
    await waitFor(async () => expect(await words("state")).toBe("複審分發委員"));
  });

  test("until when one may appeal is said in 民國 days of Taipei, with the days that are left", async () => {
    const soon = new Date(Date.now() + 3 * 86_400_000);
    await open(`?as=teacher-c&cert=first_failed&until=${soon.toISOString()}`);
    const said = await words("appeal-until");
    expect(said).toMatch(/^申復期限 \d{3}\/\d\d\/\d\d \d\d:\d\d。 還有 3 天。/);
    expect(await words("why:appeal")).toContain("尚未填寫完成：認證審查結果申復表");
    cleanup();
    await open("?as=teacher-c&cert=first_failed&until=2022-03-22T15:59:59.999Z");
    expect(await words("appeal-until")).toContain("申復期限 111/03/22 23:59。 期限已過。");
  });

  test("申復重新送審 is what the same act is called in an appeal", async () => {
    await open("?as=teacher-c&cert=appeal_fix");
    expect((await at("act:resubmit")).textContent?.trim()).toBe("申復重新送審");
  });

  test("the certificate has its number and day, and its papers are printed there", async () => {
    await open("?as=teacher-c&cert=cert_issued");
    expect(await words("certificate-number")).toBe("連江證號第B111000013號 發證時間 111/03/30 列印證書列印數位研習證明");
    for (const paper of ["certificate", "training"]) {
      await fireEvent.click(await at(`act:print_${paper}`));
      expect(await words("printed-path")).toBe(`/home/me/文件/教專通/${paper}.pdf`);
      await fireEvent.click(await at("act:close_print"));
      await waitFor(() => expect(screen.queryByTestId("printed")).toBeNull());
    }
    expect(await serious()).toEqual([]);
    cleanup();
    await open("?as=teacher-c&cert=passed");
    await at("state");
    expect(screen.queryByTestId("act:print_certificate")).toBeNull();
  });

  test("an office prints the certificate, not the proof of somebody's training", async () => {
    await open("?as=ministry&cert=cert_issued");
    await at("act:print_certificate");
    expect(screen.queryByTestId("act:print_training")).toBeNull();
  });

  test.each([
    ["certificate_not_issued", /本平臺核發、已有證號的證書/],
    ["no_training_hours", /沒有可以列在證明上的研習時數/],
    ["signs_missing", /字型缺少「𡉄」/],
  ])("a paper that cannot be made says why: %s", async (code, sentence) => {
    await open(`?as=teacher-c&cert=cert_issued&refuse=${code}`);
    await fireEvent.click(await at("act:print_training"));
    expect(await screen.findByText(sentence)).toBeTruthy();
  });

  test("a teacher sees neither who reviewed nor how much it is like another", async () => {
    await open("?as=teacher-c&cert=first_fix&like=93");
    await at("sheet:5");
    expect(document.body.textContent).not.toContain("審查委員甲");
    expect(screen.queryByTestId("likeness")).toBeNull();
  });
});

describe("writing a sheet", () => {
  test("the papers are tabs; arrows go from one to the next", async () => {
    await open("?as=county-lienchiang&cert=form_review", "#/case/adv-1/sheet");
    const first = await at("tab:open_class_proof");
    expect(first.getAttribute("aria-selected")).toBe("true");
    expect((await at("panel:open_class_proof")).contains(await at("scan:open_class_proof"))).toBe(true);
    first.focus();
    await fireEvent.keyDown(first, { key: "ArrowRight" });
    await at("panel:plc_participation_proof");
    await waitFor(() => expect((document.activeElement as HTMLElement).dataset.testid).toBe("tab:plc_participation_proof"));
    await fireEvent.keyDown(document.activeElement as HTMLElement, { key: "End" });
    await at("panel:post_conference_a");
    expect((await at("tab:post_conference_a")).tabIndex).toBe(0);
    expect((await at("tab:open_class_proof")).tabIndex).toBe(-1);
    expect(screen.getAllByRole("tab")).toHaveLength(6);
  });

  test("where both have no room, the sheet is the first tab", async () => {
    window.innerWidth = 720;
    await open("?as=reviewer-a&cert=first_review", "#/case/adv-1/sheet");
    expect((await at("tab:adv_review")).getAttribute("aria-selected")).toBe("true");
    expect(screen.getAllByRole("tab")).toHaveLength(7);
    await fireEvent.click(await at("tab:obs_anecdotal"));
    await at("panel:obs_anecdotal");
    expect(screen.queryByTestId("field:adv_review.comment")).toBeNull();
  });

  test("what is written is saved at a pause, and the act follows the sheet", async () => {
    await open("?as=reviewer-a&cert=first_review&written=1", "#/case/adv-1/sheet");
    expect((await at("act:review")).textContent?.trim()).toBe("送出審查標準表");
    await waitFor(async () => expect(await disabled("act:review")).toBe(false));
    const comment = await at("field:adv_review.comment");
    await fireEvent.input(comment, { target: { value: "" } });
    await fireEvent.blur(comment);
    await waitFor(async () => expect(await disabled("act:review")).toBe(true), { timeout: 3000 });
    expect(await words("why:review")).toContain("審查表尚未填寫完成");
    await fireEvent.input(comment, { target: { value: "觀察紀錄具體。" } });
    await waitFor(async () => expect(await disabled("act:review")).toBe(false), { timeout: 4000 });
    expect(await words("save-state")).toMatch(/^已儲存/);
    expect(await words("sheet-result")).toBe("進階審查標準表的結果：修正後通過");
  });

  test("remarks at the fields of the papers go along with the sheet", async () => {
    await open("?as=reviewer-a&cert=first_review&written=1", "#/case/adv-1/sheet");
    await fireEvent.click(await at("tab:obs_anecdotal"));
    const add = (await screen.findAllByTestId(/^act:remark:obs_anecdotal\./))[0] as HTMLElement;
    await fireEvent.click(add);
    const field = screen.getByTestId(/^remark:obs_anecdotal\./);
    await fireEvent.input(field, { target: { value: "請補充學生行為。" } });
    await fireEvent.blur(field);
    await fireEvent.click(await at("act:review"));
    await waitFor(async () => expect(await words("remarks-along")).toContain("1 則意見"));
    expect(screen.getByText(/送出後即不可再修改/)).toBeTruthy();
    await fireEvent.click(await at("act:confirm"));
    await waitFor(async () => expect(await words("state")).toBe("初審判定"));
    expect(location.hash).toBe("#/case/adv-1");
  });

  test("退件 begins with the reason on the sheet, and cannot go without one", async () => {
    await open("?as=county-lienchiang&cert=form_review&written=1", "#/case/adv-1/sheet");
    await waitFor(async () => expect(await disabled("act:return")).toBe(false));
    expect((await at("act:pass")).textContent?.trim()).toBe("通過 (準備分發委員)");
    await fireEvent.click(await at("act:return"));
    const reason = (await at("field:return.reason")) as HTMLTextAreaElement;
    expect(reason.value.length).toBeGreaterThan(0);
    await fireEvent.input(reason, { target: { value: " " } });
    await fireEvent.click(await at("act:confirm"));
    expect(screen.getByText("請填寫原因，老師才知道要修改什麼。")).toBeTruthy();
    await fireEvent.input(reason, { target: { value: "實施證明未核章" } });
    await fireEvent.click(await at("act:confirm"));
    await waitFor(async () => expect(await words("state")).toBe("準備資料"));
    expect(await words("reason")).toBe("實施證明未核章");
  });

  test("the act that contradicts the result on the sheet is grey, until the sheet says it", async () => {
    await open("?as=county-lienchiang&cert=form_review&written=1", "#/case/adv-1/sheet");
    await waitFor(async () => expect(await disabled("act:return")).toBe(false));
    expect(await disabled("act:pass")).toBe(true);
    expect(await words("why:pass")).toContain("審查表的審查結果是「退件」");
    await fireEvent.click(within(await at("field:adv_form_review.result")).getByRole("radio", { name: "通過" }));
    const reason = await at("field:adv_form_review.reason");
    await fireEvent.input(reason, { target: { value: "" } });
    await fireEvent.blur(reason);
    await waitFor(async () => expect(await disabled("act:pass")).toBe(false), { timeout: 4000 });
    expect(await disabled("act:return")).toBe(true);
    expect(await words("why:return")).toContain("審查表的審查結果是「通過」");
  });

  test("every landmark of the page has a name of its own", async () => {
    for (const width of [1440, 700]) {
      window.innerWidth = width;
      await open("?as=county-lienchiang&cert=form_review&written=1", "#/case/adv-1/sheet");
      await at("tab:adv_checklist");
      await fireEvent.click(await at("tab:adv_checklist"));
      await at("panel:adv_checklist");
      const found = await axe.run(document.body, { runOnly: ["landmark-unique"] });
      expect(found.violations.flatMap((one) => one.nodes.map((node) => node.html))).toEqual([]);
      const named = screen.getAllByRole("region").map((one) => one.getAttribute("aria-label"));
      expect(named).toContain("進階專業回饋人才認證檢核表 基本資料");
      cleanup();
    }
  });

  test("what a reviewer remarked is titled by the round of the review", async () => {
    await open("?as=teacher-c&cert=first_fix&remarks=1", "#/case/adv-1/form/obs_anecdotal");
    expect(await words("remarks:obs_anecdotal.unit")).toContain("初審意見");
    expect(await words("remarks:obs_anecdotal.unit")).not.toContain("次退件");
  });

  test("a refusal is said and the sheet stays open", async () => {
    await open("?as=reviewer-a&cert=first_review&written=1&refuse=offline", "#/case/adv-1/sheet");
    await fireEvent.click(await at("act:review"));
    await fireEvent.click(await at("act:confirm"));
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(location.hash).toBe("#/case/adv-1/sheet");
    expect(((await at("field:adv_review.comment")) as HTMLTextAreaElement).value.length).toBeGreaterThan(0);
  });

  test("what cannot be saved is said, and nothing typed disappears", async () => {
    await open("?as=reviewer-a&cert=first_review&disk=1", "#/case/adv-1/sheet");
    const comment = (await at("field:adv_review.comment")) as HTMLTextAreaElement;
    await fireEvent.input(comment, { target: { value: "具體" } });
    await waitFor(async () => expect(await words("save-state")).toContain("磁碟已滿"), { timeout: 3000 });
    expect(comment.value).toBe("具體");
  });

  test("who has no sheet to write is told so", async () => {
    await open("?as=teacher-c&cert=first_review", "#/case/adv-1/sheet");
    expect(await screen.findByText("目前沒有要您填寫的審查表。")).toBeTruthy();
  });

  test("儲存 is there because people look for it, with its key", async () => {
    await open("?as=reviewer-a&cert=first_review", "#/case/adv-1/sheet");
    const comment = await at("field:adv_review.comment");
    await fireEvent.input(comment, { target: { value: "具體" } });
    expect(await words("save-state")).toBe("尚未儲存");
    await fireEvent.keyDown(comment, { key: "s", ctrlKey: true });
    await waitFor(async () => expect(await words("save-state")).toMatch(/^已儲存/));
    expect((await at("act:save")).textContent).toBe("儲存");
  });

  test("the case page leads there, and to no other place to read the papers", async () => {
    await open("?as=reviewer-a&cert=first_review");
    expect((await at("act:write_sheet")).closest("a")).toBeTruthy();
    expect(screen.queryByRole("link", { name: "並排查看" })).toBeNull();
    expect((await at("act:write_sheet")).textContent?.trim()).toBe("填寫進階審查標準表");
    expect((await at("act:write_sheet")).getAttribute("href")).toBe("#/case/adv-1/sheet");
  });
});

describe("deciding at the desk", () => {
  test("the results stand beside the acts, and 未通過 needs a reason", async () => {
    await open("?as=county-lienchiang&cert=first_decide");
    expect(await words("result:5")).toContain("進階審查標準表 初審 · 審查委員甲 修正後複審");
    expect(
      (await screen.findAllByTestId(/^act:(grant|grant_corrected|ask_correction|deny)$/)).map((one) => one.textContent?.trim()),
    ).toEqual(["判定通過", "判定修正後通過", "判定修正後複審", "判定未通過"]);
    await fireEvent.click(await at("act:deny"));
    await fireEvent.click(await at("act:confirm"));
    expect(screen.getByText("請填寫原因，老師才知道要修改什麼。")).toBeTruthy();
    await fireEvent.input(await at("field:deny.reason"), { target: { value: "資料不足" } });
    await fireEvent.click(await at("act:confirm"));
    await waitFor(async () => expect(await words("state")).toBe("初審未通過"));
  });

  test("the second round offers what its table offers", async () => {
    await open("?as=county-lienchiang&cert=second_decide");
    await at("act:grant");
    expect(screen.queryByTestId("act:ask_correction")).toBeNull();
    await fireEvent.click(await at("act:grant"));
    await fireEvent.click(await at("act:confirm"));
    await waitFor(async () => expect(await words("state")).toBe("通過"));
  });

  test("an appeal is read beside the choice to take it", async () => {
    await open("?as=county-lienchiang&cert=appeal_intake");
    const appeal = await at("appeal-paper");
    const field = (await within(appeal).findByTestId("field:adv_appeal.appeal_opinion")) as HTMLTextAreaElement;
    expect(field.readOnly).toBe(true);
    expect((await at("act:accept_appeal")).textContent?.trim()).toBe("申復申請案受理");
    await fireEvent.click(await at("act:refuse_appeal"));
    expect(screen.getByText("未受理的原因")).toBeTruthy();
    await fireEvent.input(await at("field:refuse_appeal.reason"), { target: { value: "逾越申復範圍" } });
    await fireEvent.click(await at("act:confirm"));
    await waitFor(async () => expect(await words("state")).toBe("不合格"));
  });

  test("likeness is a hint with what the table says of it", async () => {
    await open("?as=county-lienchiang&cert=first_decide&like=93");
    const hint = await words("likeness");
    expect(hint).toContain("相仿 93% 與 110 學年度另一件申請的「軼事紀錄表」敘寫內容相仿。");
    expect(hint).toContain("達60%相仿（修正後複審）、達90%相仿（不通過）");
    expect(hint).toContain("不是判定");
    expect(await disabled("act:grant")).toBe(false);
  });

  test.each([
    ["platform", "passed", "act:publish", "審查結果公告", "通過可產證"],
    ["ministry", "cert_ready", "act:issue", "核定證書字號", "已發證"],
  ])("%s carries on from %s", async (who, cert, act, label, after) => {
    await open(`?as=${who}&cert=${cert}`);
    expect((await at(act)).textContent?.trim()).toBe(label);
    await fireEvent.click(await at(act));
    await fireEvent.click(await at("act:confirm"));
    await waitFor(async () => expect(await words("state")).toBe(after));
  });
});

describe("分發委員 on the page of the case", () => {
  test("a case that waits for reviewers is given out there", async () => {
    await open("?as=county-lienchiang&cert=first_assign");
    const button = await at("act:assign");
    expect(button.textContent?.trim()).toBe("分發委員");
    button.focus();
    await fireEvent.click(button);
    await fireEvent.click(await at("act:store"));
    expect(await screen.findByText("請再選 1 位。")).toBeTruthy();
    expect(((await at("reviewer:reviewer-d")) as HTMLInputElement).disabled).toBe(true);
    await fireEvent.click(await at("reviewer:reviewer-b"));
    expect(await serious()).toEqual([]);
    await fireEvent.click(await at("act:store"));
    await waitFor(async () => expect(await words("state")).toBe("初審"));
    expect(await words("reviewers")).toContain("審查委員乙");
    expect(await screen.findByText("已分發委員。")).toBeTruthy();
  });

  test("while they are at work a reviewer is replaced, and it says what becomes of the others", async () => {
    await open("?as=county-lienchiang&cert=first_review");
    expect((await at("act:assign")).textContent?.trim()).toBe("更換委員");
    await fireEvent.click(await at("act:assign"));
    expect(await screen.findByText(/不再審查的委員也會被告知/)).toBeTruthy();
    expect(((await at("reviewer:reviewer-a")) as HTMLInputElement).checked).toBe(true);
    await fireEvent.click(await at("reviewer:reviewer-a"));
    await fireEvent.click(await at("reviewer:reviewer-b"));
    await fireEvent.click(await at("act:store"));
    await waitFor(async () => expect(await words("reviewers")).toContain("審查委員乙"));
    expect(await words("reviewers")).not.toContain("審查委員甲");
    expect(await words("state")).toBe("初審");
  });

  test("a refusal stays in the box with what was chosen; without a line there is no list", async () => {
    await open("?as=county-lienchiang&cert=first_assign&refuse=case_moved");
    await fireEvent.click(await at("act:assign"));
    await fireEvent.click(await at("reviewer:reviewer-b"));
    await fireEvent.click(await at("act:store"));
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(((await at("reviewer:reviewer-b")) as HTMLInputElement).checked).toBe(true);
    cleanup();
    await open("?as=county-lienchiang&cert=first_assign&offline=1");
    await fireEvent.click(await at("act:assign"));
    expect(await screen.findByText(/委員名單與建議要連線才能取得/)).toBeTruthy();
  });

  test("nobody else has the button", async () => {
    for (const [who, state] of [
      ["teacher-c", "first_assign"],
      ["reviewer-a", "first_review"],
      ["ministry", "first_assign"],
    ]) {
      await open(`?as=${who}&cert=${state}`);
      await at("state");
      expect(screen.queryByTestId("act:assign")).toBeNull();
      cleanup();
    }
  });
});

describe("lists", () => {
  test("a reviewer finds what waits on the home page, by its process", async () => {
    await open("?as=reviewer-a&cert=first_review", "#/home");
    expect(await words("case:adv-1")).toContain("進階認證");
    expect(await words("case:adv-1")).toContain("等您處理");
  });

  test("案件查詢 opens with the process that has cases", async () => {
    await open("?as=reviewer-a&cert=first_review", "#/search");
    await at("case:adv-1");
    expect(((await at("field:search.process")) as HTMLSelectElement).value).toBe("advanced");
    await choose("field:search.process", "plc");
    expect(await screen.findByText("沒有符合的案件。")).toBeTruthy();
  });

  test("certifications stay out of the history of 社群", async () => {
    await open("?as=teacher-c&cert=preparing", "#/cases");
    await at("case:case-1");
    expect(screen.queryByTestId("case:adv-1")).toBeNull();
  });
});

describe("申請認證: button and history", () => {
  test("the page has the button beside 修改個人資料, and the history beneath", async () => {
    await open("?as=teacher-c", "#/certify");
    await waitFor(async () => expect(await disabled("act:new")).toBe(false));
    await at("act:fix_profile");
    expect(screen.getByRole("region", { name: "申請歷程" })).toBeTruthy();
    await fireEvent.click(await at("act:new"));
    await waitFor(() => expect(location.hash).toBe("#/case/adv-1"));
  });

  test.each([
    ["cert=failed", /本學年度已申請過/, "111 不合格"],
    ["record=none&nothing=1", /資格不符（身份、正式教師年資/, null],
  ])("%s: the button is grey and says why", async (query, why, row) => {
    await open(`?as=teacher-c&${query}`, "#/certify");
    expect(await screen.findByText(why)).toBeTruthy();
    expect(await disabled("act:new")).toBe(true);
    if (row !== null) expect(await words("case:adv-1")).toContain(row);
    expect(await serious()).toEqual([]);
  });

  async function history_(query: string, props: { canOpen: boolean; missing: never[] | [{ code: "already_applied" }] }) {
    begin(query);
    await start();
    render(CertifyHistory, props);
  }

  test("applied once this year: the platform's sentence, and the row of this year", async () => {
    await history_("?as=teacher-c&cert=failed", { canOpen: false, missing: [{ code: "already_applied" }] });
    expect(await disabled("act:new")).toBe(true);
    expect(screen.getByText(/目前沒有可申請的認證 \(本學年度已申請過\)/)).toBeTruthy();
    expect(await words("case:adv-1")).toContain("111 不合格");
    expect(screen.queryByTestId("case:case-1")).toBeNull();
    expect(screen.getAllByRole("columnheader").map((one) => one.textContent)).toEqual([
      "年份",
      "狀態",
      "最後更新時間",
      "建立時間",
    ]);
  });

  test("申請 opens the case of the certification", async () => {
    await history_("?as=teacher-c&cert=preparing", { canOpen: true, missing: [] });
    await fireEvent.click(await at("act:new"));
    await waitFor(() => expect(location.hash).toBe("#/case/adv-1"));
  });

  test("a refusal is said at the button", async () => {
    await history_("?as=teacher-c&refuse=case_exists", { canOpen: true, missing: [] });
    await fireEvent.click(await at("act:new"));
    expect(await screen.findByRole("alert")).toBeTruthy();
  });

  test("nothing yet says what comes next", async () => {
    await history_("?as=teacher-c&nothing=1", { canOpen: true, missing: [] });
    expect(await screen.findByText("還沒有申請過這項認證。")).toBeTruthy();
  });
});
