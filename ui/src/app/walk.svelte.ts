// The list that a case was opened from, so that one can go on to the next without going back to it.

import type { CaseQuery } from "../gen/types";
import { rpc } from "../platform";

let cases = $state.raw<string[]>([]);

/** Where a case stands in the list it was opened from, and what is beside it. */
export type Neighbours = { before: string | null; next: string | null; place: number; total: number };

/** Remembers a list of cases. */
export function walkThrough(list: string[]): void {
  cases = list;
}

/** Remembers all cases that fit a question: more than the rows that are drawn. The list stays as it was when one left it. */
export async function walkThroughAll(query: CaseQuery, drawn: string[]): Promise<void> {
  walkThrough(drawn);
  try {
    walkThrough((await rpc.case_ids(query)).cases);
  } catch {
    // The rows that are drawn are enough to go on with.
  }
}

/** What is beside a case; none when it was not opened from a list of several. */
export function neighbours(id: string): Neighbours | null {
  const place = cases.indexOf(id);
  if (place < 0 || cases.length < 2) return null;
  return { before: cases[place - 1] ?? null, next: cases[place + 1] ?? null, place: place + 1, total: cases.length };
}
