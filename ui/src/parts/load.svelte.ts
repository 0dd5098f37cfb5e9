// One answer of the program for a page: while it is awaited, when it is there, when it is refused.

import type { Failure } from "../gen/types";
import { asFailure } from "../platform";

/** An answer and how it stands. */
export class Loaded<T> {
  value = $state.raw<T | null>(null);
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  #ask: () => Promise<T>;
  #count = 0;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  /** Asks; an earlier question that answers later is not heard any more. */
  again = async (): Promise<void> => {
    this.#count += 1;
    const count = this.#count;
    this.busy = true;
    try {
      const value = await this.#ask();
      if (count === this.#count) {
        this.value = value;
        this.failure = null;
      }
    } catch (error) {
      if (count === this.#count) this.failure = asFailure(error);
    } finally {
      if (count === this.#count) this.busy = false;
    }
  };
}
