import { afterEach, beforeEach, expect, test } from "vitest";
import { belongsToComposition, isComposingNow, keys, watchCompositions } from "./keys";

let now = 0;
let end = () => {};

beforeEach(() => {
  now = 1000;
  end = watchCompositions(document, () => now);
});
afterEach(() => end());

const key = (name: string, more: KeyboardEventInit & { keyCode?: number } = {}) =>
  new KeyboardEvent("keydown", { key: name, ...more });
const compose = (name: string) => document.dispatchEvent(new CompositionEvent(name));

test("a plain Enter is the person's", () => expect(belongsToComposition(key("Enter"), now)).toBe(false));

test("a key while composing is the input method's", () => {
  expect(belongsToComposition(key("Enter", { isComposing: true }), now)).toBe(true);
  expect(belongsToComposition(key("ArrowDown", { isComposing: true }), now)).toBe(true);
});

test("keyCode 229 is the input method's", () => expect(belongsToComposition(key("Enter", { keyCode: 229 }), now)).toBe(true));

test("the Enter that WebKit sends after the composition ended is the input method's", () => {
  compose("compositionstart");
  expect(isComposingNow()).toBe(true);
  expect(belongsToComposition(key("Enter"), now)).toBe(true);
  compose("compositionend");
  expect(isComposingNow()).toBe(false);
  expect(belongsToComposition(key("Enter"), now + 10)).toBe(true);
  expect(belongsToComposition(key("a"), now + 10)).toBe(false);
  expect(belongsToComposition(key("Enter"), now + 200)).toBe(false);
});

test("the shared handler names modifiers and never takes a composing key", () => {
  const heard: string[] = [];
  const handler = keys({
    Enter: () => heard.push("Enter"),
    "Alt+ArrowUp": () => heard.push("up"),
    "Mod+s": () => heard.push("save"),
  });
  handler(key("Enter", { isComposing: true }));
  handler(key("Enter", { keyCode: 229 }));
  expect(heard).toEqual([]);
  handler(key("Enter"));
  handler(key("ArrowUp", { altKey: true }));
  handler(key("s", { ctrlKey: true }));
  handler(key("s", { metaKey: true }));
  expect(heard).toEqual(["Enter", "up", "save", "save"]);
});
