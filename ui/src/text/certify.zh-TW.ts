// What is said about certifications, in Chinese: the words of the platform's slides of 進階專業回饋人才認證.

import type { Action, DeedKind, Outcome, Process, State } from "../gen/types";
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
  /** Why somebody may not review a case. */
  unfit: {
    own_case: "本人的案件",
    same_school: "同校迴避",
    observed_peer: "被觀察的同儕",
    earlier_round: "前一階段的委員",
    not_a_reviewer: "不是審查委員",
  } as Record<string, string>,
  unfitOf: (name: string, why: string) => `${name}（${why}）`,
};
