import { describe, expect, test } from "vitest";
import { actWords, deedWords, speak } from "./index.svelte";

describe("acts and deeds are called what the platform calls them in their process", () => {
  test.each([
    ["submit", { process: "plc", state: "draft" }, "申請"],
    ["submit", { process: "advanced", state: "preparing" }, "送出審查文件"],
    ["pass", { process: "advanced", state: "form_review" }, "通過 (準備分發委員)"],
    ["return", { process: "advanced", state: "form_review" }, "退件 (退回再編輯修正)"],
    ["return", { process: "plc", state: "school_check" }, "退件"],
    ["resubmit", { process: "advanced", state: "first_fix" }, "送出複審資料"],
    ["resubmit", { process: "advanced", state: "appeal_fix" }, "申復重新送審"],
    ["appeal", { process: "advanced", state: "second_failed" }, "申復"],
    ["accept_appeal", { process: "advanced", state: "appeal_intake" }, "申復申請案受理"],
    ["refuse_appeal", { process: "advanced", state: "appeal_intake" }, "申復申請案未受理"],
  ] as const)("%s on %o: %s", (action, at, words) => {
    speak("zh-TW");
    expect(actWords(action, at).label).toBe(words);
    speak("en");
    expect(actWords(action, at).label).not.toMatch(/\p{Script=Han}/u);
    speak("zh-TW");
  });

  test("a deed of a certification has the words of its sheet", () => {
    expect(deedWords("submitted", "advanced")).toBe("送出審查文件");
    expect(deedWords("submitted", "plc")).not.toBe("送出審查文件");
    expect(deedWords("reviewed", "advanced")).toBe("送出審查標準表");
  });
});
