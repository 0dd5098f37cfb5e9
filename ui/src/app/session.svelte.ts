// Who is at the program, and how the connection stands. Everything comes whole from the program; this only keeps and shows it.

import type { Failure, Page, SessionView, Settings, StatusView } from "../gen/types";
import { asFailure, rpc } from "../platform";
import { speak } from "../text/index.svelte";
import { hush } from "./news.svelte";

/** How often the connection is asked about, in milliseconds. Asking costs the program next to nothing. */
const EVERY = 3000;

let session = $state.raw<SessionView | null>(null);
let failure = $state.raw<Failure | null>(null);
let status = $state.raw<StatusView | null>(null);
let menu = $state.raw<Page[]>([]);

/** The session; none until the program has answered. */
export function sessionNow(): SessionView | null {
  return session;
}

/** The connection; none until the program has answered. */
export function statusNow(): StatusView | null {
  return status;
}

/** Why the program did not answer. */
export function startFailure(): Failure | null {
  return failure;
}

/** Pages of the menu. */
export function menuNow(): Page[] {
  return menu;
}

/** Keeps a session that a command answered with. */
export function take(next: SessionView): void {
  const before = session?.actor?.person.id;
  session = next;
  status = next.status;
  failure = null;
  speak(next.settings.language);
  document.documentElement.dataset.theme = next.settings.theme;
  if (next.actor?.person.id !== before) {
    menu = [];
    hush();
  }
  if (next.actor !== null && menu.length === 0) void readMenu();
}

async function readMenu(): Promise<void> {
  try {
    menu = (await rpc.home({})).pages;
  } catch {
    // The home page asks again and says what is wrong.
  }
}

/** Asks who is here. */
export async function start(): Promise<void> {
  try {
    take(await rpc.session_state({}));
  } catch (error) {
    failure = asFailure(error);
  }
}

/** Asks about the connection now. */
export async function look(): Promise<void> {
  if (session?.actor == null) return;
  try {
    status = await rpc.status({});
  } catch {
    // The next look comes in a moment; a program that does not answer shows in every other command.
  }
}

/** Keeps asking. Returns what ends it. */
export function keepLooking(): () => void {
  const timer = setInterval(() => void look(), EVERY);
  return () => clearInterval(timer);
}

/** Changes some settings. */
export async function change(settings: Partial<Settings>): Promise<void> {
  if (session === null) return;
  take(await rpc.settings_put({ ...session.settings, ...settings }));
}
