// What is said about 歷程, versions of a paper, lists and bundles taken away, and figures, in Chinese.

import { formatAmount } from "../form/values";
import type { DeedKind, RowFate, WhyMissing } from "../gen/types";

const deed: Record<DeedKind, string> = {
  opened: "開始申請",
  submitted: "送出申請",
  passed: "形式審通過",
  returned: "退件",
  approved: "審核通過",
  rejected: "不予核定",
  withdrawn: "撤案",
  report_sent: "送出成果報告",
  convener_changed: "更換社群召集人",
  convener_corrected: "更正召集人資料",
  imported: "匯入資料",
  sent: "送出總表",
};

const fate: Record<RowFate, string> = { same: "未變", changed: "修改", added: "新增", removed: "刪除" };

const why: Record<WhyMissing, string> = {
  not_sent: "尚未送出，或目前無法查看",
  file_not_here: "檔案不在這台電腦，且連不到服務。請連線後再做一次。",
  file_broken: "檔案讀不出來",
  form_unknown: "這台電腦的程式沒有這個版本的表單，請更新程式",
};

export const recordsZh = {
  steps: {
    title: "歷程",
    deed,
    by: (role: string, name: string | null) => (name === null ? role : `${role}　${name}`),
    reason: (reason: string) => `原因：${reason}`,
    more: (count: number) => `顯示全部 ${count} 筆`,
    less: "只顯示最近的",
  },
  difference: {
    title: "與前次送件的差異",
    with: "與哪一次比較",
    version: (number: number, at: string, revision: number) => `第 ${number} 次送件（${at}，第 ${revision} 版次）`,
    since: (at: string) => `與 ${at} 送出的內容比較。`,
    count: (count: number) => `${count} 項有變動`,
    none: "填寫的內容沒有變動。",
    otherFile: "上傳的檔案換過。",
    sameFile: "上傳的檔案與前次相同。",
    incomplete: "目前連不到服務，這台電腦沒有前次送件的內容。連線後再開啟就能比較。",
    before: "上一處",
    after: "下一處",
    place: (number: number, of: number) => `第 ${number} 處，共 ${of} 處`,
    show: "看這一欄",
    showField: (label: string) => `看這一欄：${label}`,
    row: (number: number) => `第 ${number} 列`,
    rowWas: (number: number) => `原第 ${number} 列`,
    fate,
    removed: "刪除：",
    added: "新增：",
    end: "。",
    empty: "（空白）",
    legend: "刪去的文字加刪除線，新增的文字加底線。",
  },
  take: {
    act: "匯出",
    xlsx: "匯出 Excel 檔",
    xlsxNote: "可篩選、加總的清單",
    csv: "匯出 CSV 檔",
    csvNote: "給其他系統讀取的純文字清單",
    bundle: "彙整成一份 PDF",
    one: "彙整成 PDF",
    bundleNote: "送出的表件與掃描檔，附目次",
    listName: (year: number | null) => (year === null ? "案件查詢" : `${year}學年度案件查詢`),
    bundleName: (year: number | null) => (year === null ? "表件彙整" : `${year}學年度表件彙整`),
    saveTitle: "匯出清單",
    done: (rows: number) => `已匯出 ${figure(rows)} 件。`,
    whole: (count: number) => `範圍是目前查詢的全部 ${figure(count)} 件。`,
    making: "整理表件與掃描檔…",
    progress: (done: number, of: number) => `已整理 ${done} 件，共 ${of} 件`,
    stop: "停止",
    stopping: "停止中…",
    bundled: (cases: number, pages: number, size: string) => `已彙整 ${cases} 件，共 ${pages} 頁，${size}。`,
    missing: (count: number) => `缺 ${count} 項，目次上也有標明：`,
    part: (title: string, paper: string | null, reason: string) =>
      paper === null ? `${title}：${reason}` : `${title}，${paper}：${reason}`,
    why,
  },
  charts: {
    title: "統計",
    year: "學年度",
    hint: "依這台電腦上的資料計算，沒有網路也能查看。",
    none: "這個學年度還沒有案件。",
    noneNext: "案件送到之後，這裡就會有圖表。",
    cases: (count: number) => `共 ${figure(count)} 件`,
    states: "各狀態件數",
    statesNote: "每天結束時，各狀態各有幾件。",
    levels: "各級別經費",
    levelsNote: "申請經費與核定金額，依社群級別。",
    schools: "各校經費",
    schoolsNote: "申請經費與核定金額，依學校。",
    day: "日期",
    level: "級別",
    school: "學校",
    count: "件數",
    applied: "申請經費",
    approved: "核定金額",
    unknown: "未知（尚未送出）",
    table: "看數字",
    amount: (amount: number) => `${formatAmount(amount)} 元`,
    now: (day: string) => `${day} 的情形`,
    all: (count: number) => `全部 ${figure(count)} 校列在「看數字」裡，圖上是經費最多的幾校。`,
    export: "匯出 Excel 檔",
    exportName: (year: number) => `${year}學年度統計`,
    exported: "已匯出，每張圖一個工作表。",
    saveTitle: "匯出統計",
  },
};

function figure(count: number): string {
  return formatAmount(count);
}
