// What the box of an act asks for. Which acts there are, and when, is the program's to say.

import type { Action } from "../gen/types";

/** What a person types into the box of an act; none: the act has a box of its own. */
export type Asks = "nothing" | "reason" | "amount";

/**
 * What each act's box asks for. 更換社群召集人 needs a choice of people: `ConvenerBox.svelte`. 匯入資料 says what it takes in:
 * `pages/Summary.svelte`.
 */
export const ASKS: Record<Action, Asks | null> = {
  submit: "nothing",
  pass: "nothing",
  return: "reason",
  approve: "amount",
  reject: "reason",
  withdraw: "nothing",
  send_report: "nothing",
  change_convener: null,
  correct_convener: "nothing",
  import: null,
  send: "nothing",
};

/** How an act's button looks: the way forward, a step back, or neither. */
export const LOOKS: Record<Action, "primary" | "act" | "plain"> = {
  submit: "primary",
  pass: "primary",
  return: "act",
  approve: "primary",
  reject: "act",
  withdraw: "plain",
  send_report: "primary",
  change_convener: "plain",
  correct_convener: "primary",
  import: "plain",
  send: "primary",
};

/** The acts that take along what was written at fields. */
export const CARRIES_REMARKS: Partial<Record<Action, true>> = { return: true, submit: true };
