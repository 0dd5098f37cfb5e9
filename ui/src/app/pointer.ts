// What moves things on the page waits until the pointer is at rest, so that a button stays where a person has aimed at it.

/** Someone whose pointer moved so recently is aiming, in milliseconds. */
export const AIMING = 150;
/** Nobody waits longer for a pointer that only moves, in milliseconds. A pressed one is waited for. */
export const PATIENCE = 1000;

let pressed = false;
let movedAt = Number.NEGATIVE_INFINITY;
let waiting: (() => void)[] = [];
let since = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function atRest(): boolean {
  if (pressed) return false;
  const now = performance.now();
  return now - movedAt >= AIMING || (waiting.length > 0 && now - since >= PATIENCE);
}

function look(): void {
  clearTimeout(timer);
  timer = undefined;
  if (waiting.length === 0) return;
  if (!atRest()) {
    if (!pressed) timer = setTimeout(look, AIMING);
    return;
  }
  const acts = waiting;
  waiting = [];
  for (const act of acts) act();
}

/** Does something that may move what is on the page: at once when the pointer rests, else as soon as it does. */
export function atRestDo(act: () => void): void {
  if (waiting.length === 0 && atRest()) {
    act();
    return;
  }
  if (waiting.length === 0) since = performance.now();
  waiting.push(act);
  look();
}

function release(): void {
  pressed = false;
  // The click comes after the button is up.
  clearTimeout(timer);
  timer = setTimeout(look, AIMING);
}

/** Follows the pointer everywhere in the page. Returns what ends it. */
export function watchPointer(page: Window): () => void {
  const press = () => {
    pressed = true;
  };
  const move = (event: PointerEvent) => {
    if (event.pointerType === "mouse") movedAt = performance.now();
  };
  const ways: [string, (event: never) => void][] = [
    ["pointerdown", press],
    ["pointermove", move],
    ["pointerup", release],
    ["pointercancel", release],
    // A button let go outside the window is never heard of.
    ["blur", release],
  ];
  for (const [name, heard] of ways) page.addEventListener(name, heard as EventListener, true);
  return () => {
    for (const [name, heard] of ways) page.removeEventListener(name, heard as EventListener, true);
    pressed = false;
    movedAt = Number.NEGATIVE_INFINITY;
    look();
  };
}
