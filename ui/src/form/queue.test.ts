import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Failure, Saved } from "../gen/types";
import { allSaved, type Changes, LIMIT, PAUSE, RETRIES, register, SaveQueue, type SaveState } from "./queue";

const FULL: Failure = { code: "disk_full", params: {}, message: "" };

/** A queue whose sends are answered by hand. */
function setUp(composing = () => false) {
  const sent: Changes[] = [];
  const states: string[] = [];
  const open: { done: () => void; fail: () => void }[] = [];
  let last: SaveState = { at: "untouched" };
  const queue = new SaveQueue<Saved>({
    send: (changes) => {
      sent.push(changes);
      return new Promise((done, fail) => {
        open.push({ done: () => done({ saved_at: "2022-05-03T02:42:07Z" } as Saved), fail: () => fail(FULL) });
      });
    },
    saved: () => {},
    state: (state) => {
      last = state;
      states.push(state.at);
    },
    failure: (error) => error as Failure,
    composing,
  });
  const settle = async (how: "done" | "fail") => {
    open.shift()?.[how]();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { queue, sent, states, settle, last: () => last };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("saves at a pause, with the last text of every field", async () => {
  const { queue, sent, settle, last } = setUp();
  queue.edit("name", "我");
  queue.edit("name", "我愛");
  queue.edit("level", "1");
  await vi.advanceTimersByTimeAsync(PAUSE - 1);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual([{ name: "我愛", level: "1" }]);
  expect(last()).toEqual({ at: "saving" });
  await settle("done");
  expect(last()).toEqual({ at: "saved", when: "2022-05-03T02:42:07Z" });
  expect(queue.idle).toBe(true);
});

test("saves within the limit though the typing never pauses", async () => {
  const { queue, sent } = setUp();
  for (let at = 0; at < LIMIT; at += 100) {
    queue.edit("name", `字${at}`);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(sent).toEqual([{ name: "字900" }]);
});

test("one save at a time, in order; what is typed meanwhile follows", async () => {
  const { queue, sent, settle, last } = setUp();
  queue.edit("name", "一");
  await vi.advanceTimersByTimeAsync(PAUSE);
  queue.edit("name", "二");
  queue.edit("goal", "三");
  await vi.advanceTimersByTimeAsync(LIMIT * 2);
  expect(sent).toEqual([{ name: "一" }]);
  expect(queue.unsaved).toEqual({ name: "二", goal: "三" });
  await settle("done");
  expect(sent).toEqual([{ name: "一" }, { name: "二", goal: "三" }]);
  await settle("done");
  expect(last().at).toBe("saved");
});

test("a failure is said, nothing is lost, newer text wins, and it is tried until it succeeds", async () => {
  const { queue, sent, settle, last, states } = setUp();
  queue.edit("name", "舊");
  queue.edit("goal", "不變");
  await vi.advanceTimersByTimeAsync(PAUSE);
  queue.edit("name", "新");
  await settle("fail");
  expect(last()).toEqual({ at: "refused", failure: FULL });
  expect(queue.unsaved).toEqual({ name: "新", goal: "不變" });
  await vi.advanceTimersByTimeAsync(RETRIES[0]);
  expect(sent.at(-1)).toEqual({ name: "新", goal: "不變" });
  await settle("fail");
  await vi.advanceTimersByTimeAsync(RETRIES[1]);
  expect(sent).toHaveLength(3);
  expect(last().at).toBe("refused");
  await settle("done");
  expect(states.at(-1)).toBe("saved");
  expect(queue.idle).toBe(true);
});

test("a flush waits for the save under way and for what came after it", async () => {
  const { queue, sent, settle } = setUp();
  queue.edit("name", "一");
  await vi.advanceTimersByTimeAsync(PAUSE);
  queue.edit("name", "二");
  let flushed = false;
  void queue.flush().then(() => {
    flushed = true;
  });
  await settle("done");
  expect(flushed).toBe(false);
  await settle("done");
  expect(flushed).toBe(true);
  expect(sent).toEqual([{ name: "一" }, { name: "二" }]);
});

test("a flush after failures still saves everything once the disk has room", async () => {
  const { queue, sent, settle } = setUp();
  queue.edit("name", "一");
  await vi.advanceTimersByTimeAsync(PAUSE);
  await settle("fail");
  const flush = queue.flush();
  queue.edit("goal", "二");
  await settle("done");
  await settle("done");
  await flush;
  expect(sent).toEqual([{ name: "一" }, { name: "一" }, { goal: "二" }]);
  expect(queue.idle).toBe(true);
});

test("a character being composed holds back the pause, not the limit", async () => {
  let composing = true;
  const { queue, sent } = setUp(() => composing);
  queue.edit("name", "ㄨㄛ");
  await vi.advanceTimersByTimeAsync(PAUSE * 2);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(LIMIT - PAUSE * 2);
  expect(sent).toEqual([{ name: "ㄨㄛ" }]);
  composing = false;
  queue.edit("name", "我");
  await vi.advanceTimersByTimeAsync(PAUSE);
  expect(queue.unsaved).toEqual({ name: "我" });
});

test("an emptied field is sent as null", async () => {
  const { queue, sent } = setUp();
  queue.edit("name", null);
  void queue.flush();
  expect(sent).toEqual([{ name: null }]);
});

test("what is forgotten is not sent", async () => {
  const { queue, sent } = setUp();
  queue.edit("name", "一");
  queue.forget();
  await vi.advanceTimersByTimeAsync(LIMIT * 3);
  expect(sent).toEqual([]);
});

test("a page that is left is still saved before the next one is read", async () => {
  const { queue, sent, settle } = setUp();
  const end = register(queue);
  queue.edit("name", "一");
  end();
  let saved: boolean | null = null;
  void allSaved().then((all) => {
    saved = all;
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual([{ name: "一" }]);
  expect(saved).toBeNull();
  await settle("done");
  expect(saved).toBe(true);
});

test("what cannot be saved is said, so that the window can stay open", async () => {
  const { queue, settle } = setUp();
  register(queue);
  queue.edit("name", "一");
  const all = allSaved();
  await settle("fail");
  expect(await all).toBe(false);
  await vi.advanceTimersByTimeAsync(RETRIES[0]);
  await settle("done");
  expect(await allSaved()).toBe(true);
});
