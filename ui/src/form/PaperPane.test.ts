import { render } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import PaperPane from "./PaperPane.svelte";
import type { DrawnPaper } from "./pages";

test("a page that did not change is not drawn anew", async () => {
  let made = 0;
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => `blob:${++made}`, revokeObjectURL: () => {} }));
  const preview = (pages: string[]): DrawnPaper => ({
    pages: pages.map((svg) => ({ hash: svg, svg })),
    width: 595,
    height: 842,
    fields: [],
    missing_glyphs: [],
  });
  const props = { failed: false, focus: null, open: () => {} };
  const view = render(PaperPane, { ...props, preview: preview(["<svg>1</svg>", "<svg>2</svg>"]) });
  const addresses = () => [...view.container.querySelectorAll("img")].map((picture) => picture.getAttribute("src"));
  await vi.waitFor(() => expect(addresses()).toHaveLength(2));
  const before = addresses();
  await view.rerender({ ...props, preview: preview(["<svg>new</svg>", "<svg>2</svg>", "<svg>3</svg>"]) });
  await vi.waitFor(() => expect(addresses()).toHaveLength(3));
  expect(addresses()[1]).toBe(before[1]);
  expect(new Set([...before, ...addresses()]).size).toBe(4);
});
