// From a problem or a place on the paper to the field it is about.

import { tick } from "svelte";
import type { Draft } from "./draft.svelte";

/** What a person can be put into. */
const CONTROL = "input:not([type=file]), select, textarea, button, [tabindex]";

/** The nearest element for a path that is drawn; a row that has gone leads to its table. */
function elementOf(path: string): HTMLElement | null {
  const parts = path.split(".");
  for (let length = parts.length; length > 0; length -= 1) {
    const field = document.querySelector<HTMLElement>(`[data-path="${CSS.escape(parts.slice(0, length).join("."))}"]`);
    if (field !== null) return field;
  }
  return null;
}

/** Puts the cursor into a field where it stands. */
export function focusOn(path: string): void {
  const field = elementOf(path);
  (field?.querySelector<HTMLElement>(CONTROL) ?? field)?.focus({ preventScroll: true });
}

/** Brings a field into view and puts the cursor into it. */
export async function jumpTo(draft: Draft, path: string): Promise<void> {
  draft.sought = { path };
  await tick();
  elementOf(path)?.scrollIntoView({ block: "center" });
  focusOn(path);
}
