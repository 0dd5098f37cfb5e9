// What every field of a form can reach without being handed it.

import { getContext, setContext } from "svelte";
import type { FieldDef } from "../gen/types";
import type { Draft } from "./draft.svelte";

const KEY = Symbol("draft");

/** Makes a draft known to the fields inside. */
export function offerDraft(draft: () => Draft): void {
  setContext(KEY, draft);
}

/** The draft around. */
export function draftAround(): Draft {
  return getContext<() => Draft>(KEY)();
}

/** What each control gets. */
export type ControlProps = {
  field: FieldDef;
  /** `key`, or `rows_key.2.column`. */
  path: string;
  value: unknown;
  edit: (value: unknown) => void;
  readOnly: boolean;
  /** The name for those who cannot see the label beside it. */
  label: string;
  /** Ids of help, counter and problems. */
  describedBy?: string | undefined;
  /** In a table. */
  compact?: boolean;
};

/** The id of an element that belongs to a field. */
export function idOf(form: string, path: string, part: string): string {
  return `${form}-${path}-${part}`.replaceAll(".", "-");
}
