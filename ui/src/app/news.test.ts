import { expect, test } from "vitest";
import { begin } from "../fakes/rpc";
import { announce, news } from "./news.svelte";
import { sessionNow, start, take } from "./session.svelte";

test("the next person at the program reads nothing of the one before", async () => {
  begin("?as=teacher-c");
  await start();
  announce("已同步");
  const session = sessionNow();
  if (session === null) throw new Error("nobody is signed in");
  take({ ...session });
  expect(news()).toBe("已同步");
  take({ ...session, actor: null });
  expect(news()).toBe("");
});
