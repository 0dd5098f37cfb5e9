// Which step comes next for a paper, as its row on the case page offers it.

import type { PaperRow, PaperStatus } from "../gen/types";

/** A step with a paper. */
export type Step = "new" | "edit" | "correct" | "print" | "attach" | "view" | "scan";

const NEXT: Record<PaperStatus["type"], Step | null> = {
  empty: "new",
  unfinished: "edit",
  to_print: "print",
  to_scan: "attach",
  to_enclose: "attach",
  print_again: "print",
  stamps_doubtful: "scan",
  ready: "edit",
  to_correct: "correct",
  corrected: "correct",
  not_needed: null,
  sent: "view",
};

/** How a status looks: to do, in doubt, done, or neither. */
export const MARKS: Record<PaperStatus["type"], "todo" | "doubt" | "done" | "none"> = {
  empty: "none",
  unfinished: "todo",
  to_print: "todo",
  to_scan: "todo",
  to_enclose: "todo",
  print_again: "todo",
  stamps_doubtful: "doubt",
  ready: "done",
  to_correct: "todo",
  corrected: "todo",
  not_needed: "none",
  sent: "done",
};

/** Whether a print goes to be stamped: not where nobody asks for it, nor what was sent. */
export function wantsStamp(paper: PaperRow | undefined): boolean {
  return paper?.editable === true && paper.enclosure === null && paper.stamp_rule !== "none";
}

/** The one next step, and the others that are possible. */
export function stepsOf(paper: PaperRow): { next: Step | null; others: Step[] } {
  const { type } = paper.status;
  if (!paper.editable || paper.corrects) {
    const others: Step[] = paper.viewable ? ["print", ...(paper.scan === null ? [] : (["scan"] as const))] : [];
    return { next: paper.corrects ? "correct" : paper.viewable ? "view" : null, others };
  }
  const next = NEXT[type];
  const open: Step = type === "empty" || type === "not_needed" ? "new" : "edit";
  const possible: Step[] = [open];
  if (type !== "empty") possible.push("print");
  if (paper.printed_revision !== null || paper.enclosure !== null) possible.push("attach");
  if (paper.scan !== null) possible.push("scan");
  return { next, others: possible.filter((step) => step !== next) };
}
