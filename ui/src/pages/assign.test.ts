import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import App from "../App.svelte";
// Fetched late by the window; here beforehand, so that no test ends before a page has come.
import "./Form.svelte";
import "./Review.svelte";
import "./Sheet.svelte";
import { start } from "../app/session.svelte";
import { begin } from "../fakes/rpc";

/** 分發委員 and 審查委員 at the county's desk, over the stand-ins of the program. */
async function open(query: string, page: "assign" | "reviewers" = "assign") {
  const asked = `?as=county-lienchiang&${query}`;
  history.replaceState(null, "", `/${asked}#/${page}`);
  begin(asked);
  await start();
  render(App);
}

const at = (id: string) => screen.findByTestId(id, {}, { timeout: 4000 });
const words = async (id: string) => (await at(id)).textContent?.replace(/\s+/g, " ").trim() ?? "";
const press = async (id: string) => fireEvent.click(await at(id));
const type = async (id: string, value: string) => fireEvent.input(await at(id), { target: { value } });
const disabled = async (id: string) => ((await at(id)) as HTMLButtonElement).disabled;

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

test("a proposal is taken for what is ticked, confirmed once, and its result is told", async () => {
  await open("assign=4");
  expect(await disabled("act:confirm")).toBe(true);
  await press("tick:assign-1");
  await press("tick:assign-2");
  expect(await words("act:propose")).toBe("自動建議（2）");
  await press("act:propose");
  await waitFor(async () => expect(await words("reviewers:assign-1")).toContain("審查委員甲"));
  expect(await words("reviewers:assign-1")).toContain("臺中市・本次共 1 件・領域相符");
  expect(await words("reviewers:assign-3")).toBe("尚未挑選");
  expect(await serious()).toEqual([]);
  await press("act:confirm");
  expect(await words("plan")).toContain("市北測試20老師");
  await press("act:send");
  expect(await words("result")).toContain("2");
  await press("act:close");
  await waitFor(() => expect(screen.queryByTestId("case:assign-1")).toBeNull());
  expect(screen.getByTestId("case:assign-3")).toBeTruthy();
});

test("nothing ticked means all that is shown, and a round narrows what is shown", async () => {
  await open("assign=8");
  await press("round:second_assign");
  expect(screen.queryByTestId("case:assign-1")).toBeNull();
  await press("act:propose");
  await waitFor(async () => expect(await words("act:confirm")).toBe("確認分發（2）"));
});

test("a case that cannot get enough reviewers says why and is not sent", async () => {
  await open("assign=2&short=1");
  await press("act:propose");
  await waitFor(async () =>
    expect(await words("reviewers:assign-1")).toContain("尚缺 1 位：件數已滿 3 位、暫停審查 1 位、同校迴避 1 位"),
  );
  expect(await words("act:confirm")).toBe("確認分發（1）");
});

test("by hand: who has a conflict is grey and named, and the choice is kept until it is confirmed", async () => {
  await open("assign=2");
  await press("change:assign-1");
  const conflicted = (await at("reviewer:reviewer-d")) as HTMLInputElement;
  expect(conflicted.disabled).toBe(true);
  expect(conflicted.closest("label")?.textContent).toContain("同校迴避");
  expect(((await at("reviewer:reviewer-e")) as HTMLInputElement).closest("label")?.textContent).toContain("暫停審查");
  await press("act:store");
  expect((await screen.findByRole("alert")).textContent).toContain("請再選 1 位");
  await type("field:assign.search", "科技");
  expect(screen.queryByTestId("reviewer:reviewer-a")).toBeNull();
  await press("reviewer:reviewer-c");
  expect(await serious()).toEqual([]);
  await press("act:store");
  expect(await words("reviewers:assign-1")).toContain("審查委員丙");
  expect(((await at("tick:assign-1")) as HTMLInputElement).checked).toBe(true);
  expect(await words("act:confirm")).toBe("確認分發（1）");
});

test("a case that somebody else gave out meanwhile is named", async () => {
  await open("assign=2&refuse=case_moved");
  await press("act:propose");
  await waitFor(async () => expect(await disabled("act:confirm")).toBe(false));
  await press("act:confirm");
  await press("act:send");
  expect(await words("refused:assign-1")).toContain("連江縣教專中心二");
});

test("without a line there is no proposal, and what was chosen stays", async () => {
  await open("assign=2&offline=1");
  await press("act:propose");
  const failure = await at("failure");
  expect(failure.dataset.code).toBe("offline");
  expect(screen.getByTestId("case:assign-1")).toBeTruthy();
});

test("where no case waits this is said", async () => {
  await open("assign=0");
  expect(await screen.findByText("目前沒有等待分發委員的案件。")).toBeTruthy();
});

test("the pool: search, switch, edit", async () => {
  await open("", "reviewers");
  expect(await words("reviewer:reviewer-d")).toContain("縣立介壽國(中)小");
  expect(screen.queryByTestId("reviewer:reviewer-a")).toBeNull();
  expect(await serious()).toEqual([]);
  await fireEvent.click(await at("active:reviewer-d"));
  await waitFor(async () => expect(await words("reviewer:reviewer-d")).toContain("暫停審查"));
  await type("field:reviewers.search", "語文");
  expect(screen.queryByTestId("reviewer:reviewer-d")).toBeNull();
  await press("edit:reviewer-b");
  await type("field:reviewer.school_code", "12");
  await press("act:save");
  expect(await screen.findByText("學校代碼與名稱要一起填寫。")).toBeTruthy();
  await type("field:reviewer.school_code", "724602");
  await type("field:reviewer.school_name", "縣立中正國(中)小");
  await type("field:reviewer.most", "x");
  await press("act:save");
  expect(await screen.findByText("請輸入 0 到 999 的整數。")).toBeTruthy();
  await type("field:reviewer.most", "4");
  await press("field:數學");
  expect(await serious()).toEqual([]);
  await press("act:save");
  await waitFor(async () => expect(await words("reviewer:reviewer-b")).toContain("語文、數學、社會"));
  expect(await words("reviewer:reviewer-b")).toContain("上限 4 件");
  expect(await words("reviewer:reviewer-b")).toContain("縣立中正國(中)小");
});

test("an empty pool and a pool without a line say what to do", async () => {
  await open("nothing=1", "reviewers");
  expect(await screen.findByText("目前沒有審查委員。")).toBeTruthy();
  cleanup();
  await open("offline=1", "reviewers");
  expect((await at("failure")).textContent).toContain("要連線才能");
});
