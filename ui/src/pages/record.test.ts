import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import App from "../App.svelte";
import { parseRoute } from "../app/route.svelte";
import { start } from "../app/session.svelte";
import { begin } from "../fakes/rpc";
import type { Asked } from "../gen/types";
import { lineWords } from "../record/words";
import { en } from "../text/en";
import { speak } from "../text/index.svelte";

/** The whole window at an address, over the stand-ins of the program. */
async function open(query: string, hash: string) {
  history.replaceState(null, "", `/${query}${hash}`);
  begin(query);
  await start();
  render(App);
}

const soon = { timeout: 4000 };
const at = (id: string) => screen.findByTestId(id, {}, soon);
const button = async (id: string) => (await at(id)) as HTMLButtonElement;
const input = async (id: string, value: string) => fireEvent.input(await at(id), { target: { value } });
/** What stands in an element, part by part. */
function words(element: Element | null): string {
  if (element === null) return "";
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const parts: string[] = [];
  while (walker.nextNode()) parts.push((walker.currentNode.textContent ?? "").replaceAll(/\s+/g, " ").trim());
  return parts.filter((part) => part !== "").join(" ");
}
const UNMET = "資格不符。請洽詢所屬縣市之教專中心或臺師大培訓認證";

beforeEach(() => {
  document.documentElement.lang = "zh-Hant-TW";
  document.title = "教專通";
});
afterEach(() => {
  cleanup();
  speak("zh-TW");
});

test.each([
  ["個人資料", "?as=teacher-c", "#/profile", "tab:basic"],
  ["認證證號", "?as=teacher-c", "#/profile/certificates", "certificate:連江證號第A108000123號"],
  ["研習時數", "?as=teacher-c", "#/profile/trainings", "sum"],
  ["資料轉移", "?as=teacher-c&record=transfer", "#/profile", "transfer"],
  ["認證專區", "?as=teacher-c", "#/certification", "tile:advanced"],
  ["初階", "?as=teacher-c", "#/certification/entry", "certificate:連江證號第A108000123號"],
  ["申請認證", "?as=teacher-c&record=none", "#/certify", "line:identity"],
  ["資料匯入", "?as=platform", "#/record_import", "act:choose_list"],
])("%s: nothing serious stands in anybody's way", async (_, query, hash, id) => {
  await open(query, hash);
  await at(id);
  const found = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  const serious = found.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  expect(serious.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html}`))).toEqual([]);
});

test("資格檢核 in the words of the slides, with the figures", async () => {
  await open("?as=teacher-c", "#/certify");
  expect(words(await at("line:identity"))).toBe("身份 現職正式教師 現職正式教師 符合");
  expect(words(await at("line:tenured_years"))).toBe("正式教師年資 滿3年以上 自 101/08 起，滿 10 年 符合");
  expect(words(await at("line:teaching_years"))).toBe("實際教學年資 滿3年以上 9 年 符合");
  expect(words(await at("line:entry_cert"))).toBe(
    "證號 初階證號或106年以後之初階認證時數6小時(依照縣市規定) 證號 連江證號第A108000123號 符合",
  );
  expect(words(await at("line:training_hours"))).toBe(
    "研習時數 1.108年7月以後，18小時 2.107年7月至108年6月，15小時 進階研習 18 小時 符合",
  );
  expect(words(await at("line:training_year"))).toBe(
    "研習年度 1.認證時當年度之研習 2.認證時前1年度之研習 110/08/01 至 112/07/31 之間 18 小時 符合",
  );
  expect(words(document.querySelector("nav[aria-label] ol"))).toContain("首頁");
  const way = [...document.querySelectorAll("main nav li, .page nav li")].map(words);
  expect(way).toEqual(["首頁", "認證專區", "進階專業回饋人才認證", "申請認證"]);
});

test("every line that fails says whom to ask", async () => {
  await open("?as=teacher-c&record=none", "#/certify");
  const lines = ["identity", "tenured_years", "teaching_years", "entry_cert", "training_hours", "training_year"];
  for (const line of lines) expect(words(await at(`line:${line}`)), line).toContain(UNMET);
  expect(words(await at("line:identity"))).toContain("尚未填寫，請到個人資料填寫");
  expect(words(await at("line:entry_cert"))).toContain("沒有初階證號 初階認證時數 0 小時");
  expect(words(await at("line:training_hours"))).toContain("進階研習 0 小時，還差 18 小時");
  expect(words(await at("line:training_year"))).toContain("其他日期 12 小時，不計入");
});

test("hours of several periods are told apart, and a county that asks for the certificate itself", () => {
  const line = (asked: Asked) => lineWords({ met: false, asked });
  const hours = line({
    type: "training_hours",
    kind: "advanced",
    periods: [
      { from: "2019-07-01", to: null, hours: 15.5, needed: 18, with_earlier: true },
      { from: "2018-07-01", to: "2019-06-30", hours: 12, needed: 15, with_earlier: false },
    ],
  });
  expect(hours.found).toEqual(["進階研習 15.5 小時（含之前期間的時數），還差 2.5 小時", "進階研習 12 小時，還差 3 小時"]);
  const certificate = line({ type: "entry_cert", kinds: ["entry"], number: null, instead: null });
  expect([certificate.asked, certificate.found]).toEqual([["初階證號"], ["沒有初階證號"]]);
  speak("en");
  expect(line({ type: "identity", serving: false }).found).toEqual([en.record.certify.notServing]);
  expect(line({ type: "tenured_years", since: "2019-09", years: 1, needed: 3 }).found).toEqual(["Since 2019-09, 1 full year"]);
});

test("what is said of the post is saved, and judged again", async () => {
  await open("?as=teacher-c&record=none", "#/profile");
  const field = async (id: string) => (await at(`field:profile.${id}`)) as HTMLInputElement;
  expect([(await field("serving:true")).checked, (await field("serving:false")).checked]).toEqual([false, false]);
  await fireEvent.click(await field("serving:true"));
  await input("field:profile.tenured_since", "八月");
  expect(words(await at("problem:profile.tenured_since"))).toContain("看不懂這個年月");
  expect((await button("act:save_profile")).disabled).toBe(true);
  await input("field:profile.tenured_since", "10108");
  await fireEvent.blur(await field("tenured_since"));
  expect((await field("tenured_since")).value).toBe("101/08");
  await input("field:profile.teaching_years", "九");
  expect(words(await at("problem:profile.teaching_years"))).toBe("請填整數，不含單位或文字。");
  await input("field:profile.teaching_years", "71");
  await fireEvent.click(await button("act:save_profile"));
  await waitFor(async () => expect(words(await at("problem:profile.teaching_years"))).toBe("不能大於 70 年，請核對。"), soon);
  expect((await field("tenured_since")).value, "what was typed stays").toBe("101/08");
  await input("field:profile.teaching_years", "9");
  await fireEvent.click(await button("act:save_profile"));
  await waitFor(() => expect(screen.queryByTestId("problem:profile.teaching_years")).toBeNull(), soon);
  location.hash = "#/certify";
  window.dispatchEvent(new HashChangeEvent("hashchange"));
  await waitFor(async () => expect(words(await at("line:tenured_years"))).toContain("自 101/08 起，滿 10 年 符合"), soon);
});

test("without a line the post is kept and marked as not delivered", async () => {
  await open("?as=teacher-c&record=none&offline=1", "#/profile");
  await fireEvent.click(await at("field:profile.serving:true"));
  await fireEvent.click(await button("act:save_profile"));
  expect(words(await at("profile-waiting"))).toContain("尚未送達");
});

test("the tabs go by the keys and stand in the address", async () => {
  await open("?as=teacher-c", "#/profile");
  await fireEvent.keyDown(await at("tab:basic"), { key: "ArrowRight" });
  await waitFor(() => expect(location.hash).toBe("#/profile/certificates"), soon);
  expect(await at("certificate:連江證號第A108000123號")).toBeTruthy();
  expect(screen.queryByTestId("act:save_profile"), "one part at a time").toBeNull();
  expect(parseRoute("#/profile/certificates")).toEqual({ at: "page", page: "profile", part: "certificates" });
  expect(parseRoute("#/profile")).toEqual({ at: "page", page: "profile" });
  expect(parseRoute("#/nowhere/x")).toEqual({ at: "page", page: "home" });
});

test("認證證號 and 研習時數 as the record has them", async () => {
  await open("?as=teacher-c", "#/profile/trainings");
  expect(words(await at("training:0"))).toBe("2-4 專業回饋實務探討 3301245 進階 6 110/11/09 110 全國教師在職進修資訊網");
  expect(words(await at("sum"))).toBe("共 3 筆，18 小時");
  cleanup();
  await open("?as=teacher-c", "#/profile/certificates");
  expect(words(await at("certificate:連江證號第A108000123號"))).toBe("初階認證 108 連江證號第A108000123號 109/02/06 補登");
  // Of one that was entered nothing is printed, of one that was issued here both papers are.
  expect(screen.queryByTestId("act:print_certificate")).toBeNull();
  cleanup();
  await open("?as=teacher-c&cert=cert_issued", "#/profile/certificates");
  const issued = words(await at("certificate:連江證號第B111000013號"));
  expect(issued).toBe("進階認證 111 連江證號第B111000013號 111/03/30 本平臺核發 列印證書 列印數位研習證明");
  expect(screen.getAllByTestId("act:print_certificate")).toHaveLength(1);
  await fireEvent.click(await at("act:print_training"));
  expect(words(await at("printed-path"))).toBe("/home/me/文件/教專通/training.pdf");
  cleanup();
  await open("?as=teacher-c&record=none", "#/profile/certificates");
  await waitFor(() => expect(screen.getByText("還沒有認證證號。")).toBeTruthy(), soon);
});

test("資料轉移 asks in its own words, and the answer is the person's", async () => {
  await open("?as=teacher-c&record=transfer", "#/profile");
  expect(words(await at("transfer:A104000811"))).toBe("95 初階認證 A104000811 95/10/23");
  expect(words(await at("transfer:96"))).toBe("96 進階認證 96");
  expect(words(await button("act:all_wrong"))).toBe("資料全部錯誤 不匯入");
  expect(words(await button("act:import_transfer"))).toBe("匯入 (資料正確或部分正確)");
  expect(words(await at("transfer"))).toContain("證號若顯示年度並非錯誤，請選擇匯入。");
  await fireEvent.click(await button("act:import_transfer"));
  await waitFor(() => expect(screen.queryByTestId("transfer")).toBeNull(), soon);
  cleanup();
  await open("?as=teacher-c&record=transfer", "#/profile");
  await fireEvent.click(await button("act:all_wrong"));
  await fireEvent.click(await button("act:confirm"));
  await waitFor(() => expect(screen.queryByTestId("transfer")).toBeNull(), soon);
});

test("資料轉移 says so when the old system has nothing, when the line is down, and when something else waits", async () => {
  await open("?as=teacher-c&record=new", "#/profile");
  expect(words(await at("transfer"))).toContain("很抱歉目前舊系統當中沒有您的資料，如果您已經有完成認證之資格,");
  await fireEvent.click(await button("act:no_data"));
  await waitFor(() => expect(screen.queryByTestId("transfer")).toBeNull(), soon);
  cleanup();
  await open("?as=teacher-c&record=transfer&offline=1", "#/profile");
  await fireEvent.click(await button("act:import_transfer"));
  expect(words(await at("failure"))).toContain("資料轉移要連線才能回覆");
  expect(await at("transfer:96")).toBeTruthy();
  cleanup();
  await open("?as=teacher-c&record=transfer&moved=1", "#/profile");
  await fireEvent.click(await button("act:import_transfer"));
  expect((await at("failure")).dataset.code).toBe("transfer_moved");
  await waitFor(async () => expect((await button("act:import_transfer")).disabled).toBe(false), soon);
  cleanup();
  await open("?as=teacher-c&record=transfer", "#/certify");
  expect(words(await at("transfer-waits"))).toContain("確認之前不列入資格");
});

test("認證專區 leads to what can be applied for, and tells the rest", async () => {
  await open("?as=teacher-c", "#/certification");
  expect((await at("tile:advanced")).getAttribute("href")).toBe("#/certify");
  expect(words(await at("tile:advanced"))).toContain("資格符合，可以申請");
  expect((await at("tile:entry")).getAttribute("href")).toBe("#/certification/entry");
  expect((await at("tile:mentor")).getAttribute("href")).toBe("#/certification/mentor");
  expect((await at("nav:certification")).getAttribute("aria-current")).toBe("page");
  cleanup();
  await open("?as=teacher-c", "#/certification/mentor");
  await waitFor(() => expect(screen.getByText("還沒有申請歷程。")).toBeTruthy(), soon);
});

test("before the service has told anything, nothing is asked and it is said", async () => {
  await open("?as=teacher-c&record=new&unheard=1", "#/profile");
  expect(words(await at("record-unknown"))).toContain("還沒有收到平臺的資料");
  expect(screen.queryByTestId("transfer")).toBeNull();
});

test("an office has the basic information alone", async () => {
  await open("?as=school-matsu", "#/profile");
  await waitFor(() => expect(screen.getByText("291501")).toBeTruthy(), soon);
  expect(screen.queryByTestId("tab:basic")).toBeNull();
  expect(screen.queryByTestId("act:save_profile")).toBeNull();
});

test("a list is looked at first, and imported after that", async () => {
  await open("?as=platform", "#/record_import");
  await fireEvent.click(await button("act:choose_list"));
  const count = async (name: string) => words(await at(`count:${name}`));
  expect([await count("rows"), await count("new"), await count("changed"), await count("faulty")]).toEqual([
    "120",
    "118",
    "2",
    "0",
  ]);
  expect(screen.queryByTestId("done"), "looking imports nothing").toBeNull();
  expect(words(await button("act:import_list"))).toBe("匯入 120 列");
  await fireEvent.click(await button("act:import_list"));
  expect(words(await at("done"))).toBe("已匯入：新增 118 筆，更正 2 筆。");
  expect(screen.queryByTestId("preview")).toBeNull();
  // Another list begins anew.
  await fireEvent.click(await at("field:import.list:certificates"));
  expect(screen.queryByTestId("done")).toBeNull();
});

test("faults stand by their lines, and the office chooses", async () => {
  await open("?as=platform&faults=1", "#/record_import");
  await fireEvent.click(await button("act:choose_list"));
  expect(words(await at("fault:3:account"))).toBe("3 帳號 平臺沒有「teacher-x」這個帳號，請核對。");
  expect(words(await at("fault:7:course"))).toBe("7 課程名稱 與第 2 列重複，請刪除其中一列。");
  expect((await button("act:import_list")).disabled, "all or none").toBe(true);
  await fireEvent.click(await at("field:import.some"));
  expect((await button("act:import_list")).disabled).toBe(false);
  await fireEvent.click(await button("act:import_list"));
  expect(words(await at("done"))).toBe("已匯入：新增 114 筆，更正 2 筆，略過有問題的 4 列。");
});

test.each([
  ["again=1", "nothing", "沒有要匯入的列"],
  ["offline=1", "failure", "連"],
  ["refuse=columns_missing", "failure", "檔案裡找不到欄位「帳號」「研習日期」"],
  ["refuse=broken_file", "failure", "不是文字清單"],
  ["refuse=too_many_rows", "failure", "檔案超過 5,000 列"],
])("what cannot be imported is said: %s", async (wish, id, said) => {
  await open(`?as=platform&${wish}`, "#/record_import");
  await fireEvent.click(await button("act:choose_list"));
  expect(words(await at(id))).toContain(said);
  expect(screen.queryByTestId("act:import_list")).toBeNull();
});

test("an empty list is written to fill in", async () => {
  await open("?as=platform", "#/record_import");
  await fireEvent.click(await button("act:template_xlsx"));
  await waitFor(() => expect(document.body.textContent).toContain("已存到 /home/me/文件/研習時數匯入.xlsx"), soon);
});
