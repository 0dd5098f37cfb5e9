// Stand-ins for 審查意見: `?remarks=1` puts two of the first return on the 申請表, one answered, and one of the 初審 on a record; what is written is kept while
// the page is open.

import type { RemarkView } from "../gen/types";

let rows: { form: string; row: RemarkView }[] = [];

/** Begins anew. */
export function beginRemarks(some: boolean): void {
  const row = (id: string, field: string, text: string, answer: string | null): RemarkView => ({
    id,
    field,
    round: 1,
    review: null,
    text,
    by: "介壽國(中)小承辦人",
    at: "2022-02-20T02:00:00Z",
    answer,
    settled: false,
    sent: true,
    can_settle: false,
    can_answer: false,
  });
  rows = some
    ? [
        {
          form: "plc_application",
          row: row("r1", "plc_summary", "請補充學生學習成果，並說明與學校課程的關係。", "已補充於第三段。"),
        },
        {
          form: "obs_anecdotal",
          row: { ...row("r3", "unit", "請補充單元名稱。", null), review: "first", by: "" },
        },
        { form: "plc_application", row: row("r2", "schedule", "缺一場公開授課（備觀議課），請補上。", null) },
      ]
    : [];
}

/** The remarks of a form, for who asks or answers. */
export function remarksOf(form: string, asks: boolean, answers: boolean): RemarkView[] {
  return rows
    .filter((one) => one.form === form)
    .map(({ row }) => ({ ...row, can_settle: asks && row.sent, can_answer: answers && row.sent && !row.settled }));
}

/** How many are open. */
export function openRemarks(form: string): number {
  return rows.filter((one) => one.form === form && !one.row.settled).length;
}

/** Writes one. */
export function askRemark(form: string, field: string, text: string): void {
  rows = rows.filter((one) => !(one.form === form && one.row.field === field && !one.row.sent));
  if (text.trim() === "") return;
  const row = {
    id: `new-${field}`,
    field,
    round: 2,
    review: null,
    text,
    by: "承辦人",
    at: null,
    answer: null,
    settled: false,
    sent: false,
  };
  rows = [...rows, { form, row: { ...row, can_settle: false, can_answer: false } }];
}

/** Changes one. Answers the form it is on. */
export function changeRemark(id: string, change: Partial<RemarkView>): string {
  rows = rows.map((one) => (one.row.id === id ? { ...one, row: { ...one.row, ...change } } : one));
  return rows.find((one) => one.row.id === id)?.form ?? "";
}

/** How many are written and not sent. */
export function unsentRemarks(): number {
  return rows.filter((one) => !one.row.sent).length;
}
