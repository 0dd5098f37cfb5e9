// What is said about certifications, in Chinese: the words of the platform's slides of 進階專業回饋人才認證.

import type { Action, DeedKind, Outcome, Process, Round, State } from "../gen/types";
import type { ActWords } from "./shape";

/** Words of acts where a process has its own for them. */
const actIn: Partial<Record<Process, Partial<Record<Action, ActWords>>>> = {
  advanced: {
    submit: {
      label: "送出審查文件",
      title: "送出審查文件",
      body: "提醒您：送出後即不可再修改。形式審查退件時，才能再編輯修正。",
      confirm: "送出審查文件",
    },
    pass: {
      label: "通過 (準備分發委員)",
      title: "形式審查：通過",
      body: "形式審查表會一起送出，案件進入初審分發委員。",
      confirm: "通過",
    },
    return: {
      label: "退件 (退回再編輯修正)",
      title: "形式審查：退件",
      body: "形式審查表會一起送出。老師會收到通知，看到形式審查表與原因訊息，修正後再送出審查文件。",
      confirm: "退件",
    },
  },
};

/** Words of acts where a state has its own for them. */
const actAt: Partial<Record<State, Partial<Record<Action, ActWords>>>> = {
  appeal_fix: {
    resubmit: {
      label: "申復重新送審",
      title: "申復重新送審",
      body: "提醒您：送出後即不可再修改。案件進入申復分發委員。",
      confirm: "申復重新送審",
    },
  },
};

/** What was done, where a process has its own words for it. */
const deedIn: Partial<Record<Process, Partial<Record<DeedKind, string>>>> = {
  advanced: { submitted: "送出審查文件", passed: "形式審查通過", returned: "形式審查退件" },
};

const outcome: Record<Outcome, string> = {
  passed: "通過",
  passed_after_correction: "修正後通過",
  correct_and_review: "修正後複審",
  failed: "未通過",
};

export const certifyZh = {
  actIn,
  actAt,
  deedIn,
  outcome,
  zone: "認證專區",
  name: "進階專業回饋人才認證",
  apply: "申請認證",
  /** The lines of the 資格檢核. */
  line: {
    identity: "身份",
    tenured_years: "正式教師年資",
    teaching_years: "實際教學年資",
    entry_cert: "證號",
    training_hours: "研習時數",
    training_year: "研習年度",
  } as Record<string, string>,
  unfitOf: (name: string, why: string) => `${name}（${why}）`,
  /** A round as the program calls it, or in the platform's word where it comes without one. */
  round: (round: Round, label: string): string => label || { first: "初審", second: "複審", appeal: "申復" }[round],
  slot: {
    pick: "請選擇表件",
    none: "尚未選擇表件",
    picked: (name: string) => `已選「${name}」。`,
    unpicked: "已取消選擇，填寫過的內容仍保留。",
    switched: (name: string, before: string) => `已改選「${name}」，「${before}」填寫的內容仍保留。`,
    kept: (names: string) => `填寫過的「${names}」仍保留，改選回來就能繼續填寫。`,
    further: "其他觀察工具",
    moreNote: "使用兩種以上工具時，可再加一份（以上方選的為主要紀錄）",
    add: "加入",
    added: (name: string) => `已加入「${name}」。`,
    remove: "移除",
    removeOf: (name: string) => `移除 ${name}`,
    removed: (name: string) => `已移除「${name}」。`,
    removedKept: (name: string) => `已移除「${name}」，填寫的內容仍保留。`,
    note: "備註：以上認證資料均須完成，始能送出認證資料。",
  },
  hidden: "目前看不到認證資料的內容，只看得到狀態。",
  papers: "認證資料",
  appealPaper: "申復文件",
  sheet: { result: "結果", named: (name: string, round: string) => `${name} ${round}` },
  appealUntil: (moment: string) => `申復期限 ${moment}。`,
  daysLeft: (days: number): string => (days < 0 ? "期限已過。" : days === 0 ? "今天截止。" : `還有 ${days} 天。`),
  appealNote: "收到通知後開始計算，含假日，以系統收到的時間為準（臺北時間）。",
  number: "證號",
  counting: "證號由服務編列，連線後顯示",
  issuedOn: (day: string) => `發證時間 ${day}`,
  decided: (round: string) => `${round}結果`,
  reviewers: "審查委員",
  reviewerOf: (name: string, round: string) => `${name}（${round}）`,
  likeness: {
    percent: (percent: number) => `相仿 ${percent}%`,
    with: (year: number, form: string) => `與 ${year} 學年度另一件申請的${form === "" ? "資料" : `「${form}」`}敘寫內容相仿。`,
    marks: (all: string) => `審查標準表：${all}`,
    mark: (name: string, follows: string) => `${name}（${follows}）`,
    hint: "這是電腦比對的提示，不是判定；請看過內容後由您判斷。",
  },
  /** Giving the one case of the page to reviewers. */
  assign: {
    first: "分發委員",
    again: "更換委員",
    lead: "確認後委員會收到訊息，案件進入審查。",
    leadAgain: "確認後，新的委員會收到訊息；不再審查的委員也會被告知，案件從他們的清單移除。已送出審查標準表的委員仍會保留。",
    send: "確認分發",
    sendAgain: "確認更換",
    done: "已分發委員。",
    doneAgain: "已更換委員。",
    doneWaiting: "已存在這台電腦，連線後送出。",
  },
  write: {
    act: (sheet: string) => `填寫${sheet}`,
    hint: "邊看認證資料邊填寫，停下來就會自動儲存。欄位旁的意見會和審查表一起送出。",
    papers: "認證資料",
    noPapers: "目前沒有可以查看的認證資料。",
    done: "目前沒有要您填寫的審查表。",
    back: "回流程進度",
    scan: "核章掃描檔",
    result: (sheet: string, result: string) => `${sheet}的結果：${result}`,
  },
  decide: {
    title: "判定",
    appealTitle: "申復受理",
    sheets: "審查委員的結果",
    none: "沒有審查標準表。",
    hint: "審查標準表是委員的意見；請判定後按下方的按鈕。",
    appealHint: "看過申復表後，決定是否受理。",
  },
  history: {
    opened: "已建立申請，接著選擇並填寫表件。",
    title: "申請歷程",
    act: "申請",
    empty: "還沒有申請過這項認證。",
    emptyNext: "資格符合時，按「申請」開始準備資料。",
  },
};
