// What the box of an act asks for. Which acts there are, and when, is the program's to say.

import type { Action } from "../gen/types";

/** What a person types into the box of an act; none: the act has a box of its own. */
export type Asks = "nothing" | "reason" | "amount";

/**
 * What each act's box asks for. 更換社群召集人 needs a choice of people: `ConvenerBox.svelte`; so does 分發委員. 匯入資料 says what it
 * takes in: `pages/Summary.svelte`. Nobody presses a button for what the service does when a time is over.
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
  assign: null,
  review: "nothing",
  grant: "nothing",
  grant_corrected: "nothing",
  ask_correction: "reason",
  deny: "reason",
  resubmit: "nothing",
  appeal: "nothing",
  accept_appeal: "nothing",
  refuse_appeal: "reason",
  lapse: null,
  publish: "nothing",
  issue: "nothing",
};

/** How an act's button looks: the way forward, a step back, neither, or one of several that weigh the same. */
export const LOOKS: Record<Action, "primary" | "act" | "plain" | "even"> = {
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
  assign: "plain",
  review: "primary",
  grant: "even",
  grant_corrected: "even",
  ask_correction: "even",
  deny: "act",
  resubmit: "primary",
  appeal: "primary",
  accept_appeal: "even",
  refuse_appeal: "act",
  lapse: "plain",
  publish: "primary",
  issue: "primary",
};

/** The acts that take along what was written at fields. */
export const CARRIES_REMARKS: Partial<Record<Action, true>> = { return: true, submit: true, review: true, resubmit: true };

/** The acts of a decision, which are shown beside what it rests on: the sheets of a review, or an appeal. */
export const DECIDES: Partial<Record<Action, "review" | "appeal">> = {
  grant: "review",
  grant_corrected: "review",
  ask_correction: "review",
  deny: "review",
  accept_appeal: "appeal",
  refuse_appeal: "appeal",
};
