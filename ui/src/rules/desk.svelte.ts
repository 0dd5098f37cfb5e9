// 縣市規定 while they are being typed: kept by the program at every pause, with what is wrong, and sent when the person says so.

import { SvelteSet } from "svelte/reactivity";
import { isComposingNow } from "../app/keys";
import { register, SaveQueue, type SaveState } from "../form/queue";
import type { CountyRules, Failure, RulesView } from "../gen/types";
import { asFailure, rpc } from "../platform";

/** The page's rules. */
export class RulesDesk {
  view = $state.raw<RulesView | null>(null);
  /** As they stand on the screen. */
  rules = $state.raw<CountyRules | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Why the last try to send was refused. */
  refused = $state.raw<Failure | null>(null);
  saving = $state.raw<SaveState>({ at: "untouched" });
  busy = $state(false);
  /** Counts what was put on the screen anew, so that fields forget what was typed into them. */
  round = $state(0);

  /** Fields whose text means no value: the program cannot be told what stands there, so nothing is sent. */
  readonly unread = new SvelteSet<string>();

  /** A field holds, or no longer holds, text that means no value. */
  mark = (field: string, on: boolean): void => {
    if (on) this.unread.add(field);
    else this.unread.delete(field);
  };

  #queue = new SaveQueue<{ saved_at: string; view: RulesView }>({
    send: async () => {
      const { view, rules } = this;
      if (view === null || rules === null) throw new Error("nothing is open");
      const next = await rpc.rules_keep({ plan_year: view.plan_year, rules });
      return { saved_at: next.typed?.kept_at ?? new Date().toISOString(), view: next };
    },
    // What was typed meanwhile stays on the screen.
    saved: ({ view }) => {
      if (view.plan_year === this.view?.plan_year) this.view = view;
    },
    state: (state) => {
      this.saving = state;
    },
    failure: asFailure,
    composing: isComposingNow,
  });

  /** Counts this page among those the window waits for. */
  attend = (): (() => void) => register(this.#queue);

  /** Opens a plan year. */
  open = async (year: number | null): Promise<void> => {
    await this.#queue.flush();
    this.busy = true;
    try {
      this.#show(await rpc.rules_open({ plan_year: year }));
      this.failure = null;
    } catch (error) {
      this.failure = asFailure(error);
    } finally {
      this.busy = false;
    }
  };

  #show(view: RulesView): void {
    this.view = view;
    this.rules = view.rules;
    this.round += 1;
  }

  /** Looks again after others may have changed something; never while the person types. */
  again = async (): Promise<void> => {
    const year = this.view?.plan_year;
    if (year === undefined || !this.#queue.idle || this.busy) return;
    const before = this.rules;
    const view = await rpc.rules_open({ plan_year: year }).catch(() => null);
    if (view === null || before !== this.rules || view.plan_year !== this.view?.plan_year) return;
    if (view.typed === null && JSON.stringify(view.rules) !== JSON.stringify(before)) this.#show(view);
    else this.view = view;
  };

  edit = (change: Partial<CountyRules>): void => {
    if (this.rules === null) return;
    this.rules = { ...this.rules, ...change };
    for (const [key, value] of Object.entries(change)) this.#queue.edit(key, value);
  };

  /** Sends them; true when they hold. What was typed stays, whatever comes back. */
  save = async (over: number | null): Promise<boolean> => {
    const { view } = this;
    if (view === null || this.rules === null || this.busy || this.unread.size > 0) return false;
    this.busy = true;
    this.refused = null;
    try {
      await this.#queue.flush();
      this.#show(await rpc.rules_save({ plan_year: view.plan_year, rules: this.rules, over }));
      this.saving = { at: "untouched" };
      return true;
    } catch (error) {
      this.refused = asFailure(error);
      const next = await rpc.rules_open({ plan_year: view.plan_year }).catch(() => null);
      if (next !== null) this.view = next;
      return false;
    } finally {
      this.busy = false;
    }
  };

  /** Back to what holds. */
  revert = async (): Promise<void> => {
    const year = this.view?.plan_year;
    if (year === undefined) return;
    this.#queue.forget();
    try {
      this.#show(await rpc.rules_revert({ plan_year: year }));
      this.saving = { at: "untouched" };
      this.refused = null;
    } catch (error) {
      this.refused = asFailure(error);
    }
  };
}
