import { expect, test } from "vitest";
import type { PaperPreview } from "../gen/types";
import { heldOf, madeWhole } from "./pages";

const answer = (pages: PaperPreview["pages"]): PaperPreview => ({
  pages,
  width: 595,
  height: 842,
  fields: [],
  missing_glyphs: [],
});

test("pages that are held keep their picture, in whatever order they come", () => {
  expect(heldOf(null)).toEqual([]);
  const first = madeWhole(
    null,
    answer([
      { hash: "a", svg: "<svg>1</svg>" },
      { hash: "b", svg: "<svg>2</svg>" },
    ]),
  );
  expect(heldOf(first)).toEqual(["a", "b"]);
  const second = madeWhole(
    first,
    answer([
      { hash: "c", svg: "<svg>new</svg>" },
      { hash: "a", svg: null },
    ]),
  );
  expect(second.pages).toEqual([
    { hash: "c", svg: "<svg>new</svg>" },
    { hash: "a", svg: "<svg>1</svg>" },
  ]);
});

test("a picture that nobody holds is a fault, not an empty page", () => {
  expect(() => madeWhole(null, answer([{ hash: "a", svg: null }]))).toThrow();
});
