import { describe, expect, test } from "vitest";

import css from "./tokens.css?raw";

/** The colours of the n-th block of rules. */
function colours(start: string): Record<string, string> {
  const from = css.indexOf(start);
  expect(from, start).toBeGreaterThanOrEqual(0);
  const block = css.slice(from, css.indexOf("}", from));
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1], match[2]]));
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const light = colours(":root {");
const dark = colours(':root[data-theme="dark"] {');

describe.each([
  ["light", light],
  ["dark", dark],
] as const)("the %s colours", (_, set) => {
  test.each([
    ["ink", ["paper", "sheet", "sunk", "action-soft", "seal-soft", "mark-soft"]],
    ["quiet", ["paper", "sheet", "sunk"]],
    ["action", ["paper", "sheet", "action-soft"]],
    ["seal", ["paper", "sheet", "seal-soft"]],
    ["mark", ["paper", "sheet"]],
    ["done", ["paper", "sheet"]],
    ["action-ink", ["action"]],
  ] as const)("%s is readable on %j", (text, grounds) => {
    for (const ground of grounds)
      expect(contrast(set[text] ?? "", set[ground] ?? ""), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });

  test("edges of fields can be seen", () => {
    for (const ground of ["paper", "sheet"]) expect(contrast(set.edge ?? "", set[ground] ?? "")).toBeGreaterThanOrEqual(3);
  });
});

test("the system's dark set is the dark set", () => {
  expect(colours(':root[data-theme="system"],')).toEqual(dark);
});
