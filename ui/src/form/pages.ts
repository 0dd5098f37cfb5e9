// The pictures of the paper beside the form: the program sends those of pages that changed, and the page holds the others.

import type { PagePicture, PaperPreview } from "../gen/types";

/** A page as it can be drawn. */
export interface DrawnPage {
  hash: string;
  svg: string;
}

/** The paper with the pictures of all its pages. */
export type DrawnPaper = Omit<PaperPreview, "pages"> & { pages: DrawnPage[] };

/** What need not be sent again. */
export function heldOf(paper: DrawnPaper | null): string[] {
  return paper?.pages.map((page) => page.hash) ?? [];
}

/** The answer made whole with the pictures that were held when it was asked for. */
export function madeWhole(before: DrawnPaper | null, answer: PaperPreview): DrawnPaper {
  const held = new Map(before?.pages.map((page) => [page.hash, page.svg]));
  const whole = ({ hash, svg }: PagePicture): DrawnPage => {
    const picture = svg ?? held.get(hash);
    if (picture === undefined) throw new Error("a page came without its picture");
    return { hash, svg: picture };
  };
  return { ...answer, pages: answer.pages.map(whole) };
}
