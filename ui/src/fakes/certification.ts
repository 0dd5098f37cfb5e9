// Stand-ins for certifications: realistic papers and sheets, no rules worth the name. Never built in.

import type { State } from "../gen/types";

/** The states of 進階專業回饋人才認證 in the platform's words. */
export const STATES = {
  preparing: "準備資料",
  form_review: "形式審查",
  first_assign: "初審分發委員",
  first_review: "初審",
  first_decide: "初審判定",
  first_fix: "初審修正資料",
  second_assign: "複審分發委員",
  second_review: "複審",
  second_decide: "複審判定",
  first_failed: "初審未通過",
  second_failed: "複審未通過",
  appeal_intake: "申復審查",
  appeal_fix: "申復修正資料",
  appeal_assign: "申復分發委員",
  appeal_review: "申復審查",
  appeal_decide: "申復判定",
  passed: "通過",
  cert_ready: "通過可產證",
  cert_issued: "已發證",
  failed: "不合格",
} satisfies Partial<Record<State, string>>;
