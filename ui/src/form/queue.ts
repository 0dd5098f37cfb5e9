// Saves what is typed: at a pause, at the latest a second after the first unsaved key, and at once when asked. One save at a
// time, in order; what fails is kept and tried again. Knows nothing of forms or screens.

import type { Failure, Saved } from "../gen/types";

/** A pause in typing, in milliseconds. */
export const PAUSE = 400;
/** No key stays unsaved longer, in milliseconds. */
export const LIMIT = 1000;
/** Waits between tries after a failure, in milliseconds; the last one repeats. */
export const RETRIES = [1000, 2000, 5000] as const;

/** How saving stands. */
export type SaveState =
  | { at: "untouched" }
  | { at: "unsaved" }
  | { at: "saving" }
  | { at: "saved"; when: string }
  | { at: "refused"; failure: Failure };

/** Changed fields by key; `null`: emptied. */
export type Changes = Record<string, unknown>;

/** What a queue needs of the world. */
export type Door<A extends { saved_at: string } = Saved> = {
  send(changes: Changes): Promise<A>;
  saved(answer: A): void;
  state(state: SaveState): void;
  failure(error: unknown): Failure;
  /** A character is being composed; the pause waits for its end, the limit does not. */
  composing(): boolean;
};

/** The unsaved changes of one form. */
export class SaveQueue<A extends { saved_at: string } = Saved> {
  readonly #door: Door<A>;
  #pending: Changes = {};
  #sending: Changes | null = null;
  #running: Promise<void> | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #limit: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** Failures since the last success. */
  #streak = 0;
  /** Failures ever. */
  #failures = 0;

  constructor(door: Door<A>) {
    this.#door = door;
  }

  /** What is typed and not on the disk yet. */
  get unsaved(): Changes {
    return { ...this.#sending, ...this.#pending };
  }

  /** Whether everything is on the disk. */
  get idle(): boolean {
    return this.#sending === null && Object.keys(this.#pending).length === 0;
  }

  /** A field has changed. */
  edit(key: string, value: unknown): void {
    this.#pending[key] = value;
    this.#say({ at: "unsaved" });
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#atPause(), PAUSE);
    this.#limit ??= setTimeout(() => void this.flush(), LIMIT);
  }

  #atPause(): void {
    if (this.#door.composing()) this.#pause = setTimeout(() => this.#atPause(), PAUSE);
    else void this.flush();
  }

  /** Saves now. Done when everything typed so far is on the disk, or a try has failed. */
  async flush(): Promise<void> {
    this.#stopTimers();
    const before = this.#failures;
    while (!this.idle && this.#failures === before) {
      this.#running ??= this.#save();
      await this.#running;
    }
  }

  async #save(): Promise<void> {
    const changes = this.#pending;
    this.#pending = {};
    this.#sending = changes;
    this.#say({ at: "saving" });
    try {
      const answer = await this.#door.send(changes);
      this.#sending = null;
      this.#streak = 0;
      this.#door.saved(answer);
      this.#door.state(this.idle ? { at: "saved", when: answer.saved_at } : { at: "unsaved" });
    } catch (error) {
      // Newer text of the same field wins over what could not be saved.
      this.#pending = { ...changes, ...this.#pending };
      this.#sending = null;
      this.#door.state({ at: "refused", failure: this.#door.failure(error) });
      const wait = RETRIES[Math.min(this.#streak, RETRIES.length - 1)];
      this.#streak += 1;
      this.#failures += 1;
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => void this.flush(), wait);
    } finally {
      this.#running = null;
    }
  }

  /** A failure stays in words until a save succeeds; a save under way is not called unsaved. */
  #say(state: SaveState): void {
    if (this.#streak > 0 || (state.at === "unsaved" && this.#sending !== null)) return;
    this.#door.state(state);
  }

  /** Forgets what is not saved, for a return to an earlier text. */
  forget(): void {
    this.#stopTimers();
    this.#pending = {};
  }

  #stopTimers(): void {
    clearTimeout(this.#pause);
    clearTimeout(this.#limit);
    clearTimeout(this.#retry);
    this.#pause = undefined;
    this.#limit = undefined;
    this.#retry = undefined;
  }
}

/** What the window waits for. */
type Waiting = Pick<SaveQueue, "flush" | "idle">;

const open = new Set<Waiting>();

/** Counts a queue among those that the window waits for. Returns what ends it; by then the queue is asked to save. */
export function register(queue: Waiting): () => void {
  open.add(queue);
  return () => {
    void queue.flush().finally(() => {
      if (queue.idle) open.delete(queue);
    });
  };
}

/** Saves whatever any form has not saved yet: before another page is read and before the window closes. Says whether all is. */
export async function allSaved(): Promise<boolean> {
  await Promise.all([...open].map((queue) => queue.flush()));
  return [...open].every((queue) => queue.idle);
}
