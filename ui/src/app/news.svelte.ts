// One short word after an act, read out to screen readers and shown for a while. Never the only place where something is said.

/** How long it stays, in milliseconds: time to read two lines. */
const STAYS = 6000;

let text = $state("");
let timer: ReturnType<typeof setTimeout> | undefined;

/** What is said just now. */
export function news(): string {
  return text;
}

/** Says it. */
export function announce(next: string): void {
  clearTimeout(timer);
  text = next;
  timer = setTimeout(hush, STAYS);
}

/** Says no more of it: the next person at the program has no part in it. */
export function hush(): void {
  clearTimeout(timer);
  text = "";
}
