// One place that decides whether a key belongs to the person or to the input method that is composing a character.
//
// WebKit hands over the Enter that confirms a candidate after `compositionend`, with `isComposing` false; only keyCode 229 or
// the nearness in time gives it away.

/** How long after the end of a composition an Enter still belongs to it, in milliseconds. */
const AFTER_COMPOSITION = 80;

let endedAt = Number.NEGATIVE_INFINITY;
let composing = false;

/** Follows compositions everywhere in the page. Returns what ends it. */
export function watchCompositions(page: Document, now: () => number = () => performance.now()): () => void {
  const start = () => {
    composing = true;
  };
  const end = () => {
    composing = false;
    endedAt = now();
  };
  page.addEventListener("compositionstart", start, true);
  page.addEventListener("compositionend", end, true);
  return () => {
    page.removeEventListener("compositionstart", start, true);
    page.removeEventListener("compositionend", end, true);
    composing = false;
    endedAt = Number.NEGATIVE_INFINITY;
  };
}

/** Whether the key is the input method's. */
export function belongsToComposition(event: KeyboardEvent, now: number = performance.now()): boolean {
  const confirming = event.key === "Enter" && now - endedAt < AFTER_COMPOSITION;
  return event.isComposing || composing || event.keyCode === 229 || confirming;
}

/** Whether a character is being composed just now. */
export function isComposingNow(): boolean {
  return composing;
}

/** What to do per key; names as in `KeyboardEvent.key`, with `Alt+`, `Shift+` and `Mod+` (Ctrl, or Cmd on a Mac) before them. */
export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

/** An act that keeps the key from doing anything else. */
export function taking(act: (event: KeyboardEvent) => void): (event: KeyboardEvent) => void {
  return (event) => {
    event.preventDefault();
    act(event);
  };
}

/** A key handler that never takes a key from an input method. */
export function keys(map: KeyMap): (event: KeyboardEvent) => void {
  return (event) => {
    if (belongsToComposition(event)) return;
    const modifier = event.ctrlKey || event.metaKey ? "Mod+" : "";
    const name = `${modifier}${event.altKey ? "Alt+" : ""}${event.shiftKey && event.key.length > 1 ? "Shift+" : ""}${event.key}`;
    map[name]?.(event);
  };
}
