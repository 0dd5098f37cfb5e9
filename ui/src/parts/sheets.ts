// What a sheet about a case is called.

import type { SheetRow } from "../gen/types";
import { say, tell } from "../text/index.svelte";

/** 「進階審查標準表 初審」, or the form's name alone where it belongs to no round. */
export function sheetName({ name, round, round_label }: SheetRow): string {
  if (round === null) return tell(name);
  return say().certify.sheet.named(tell(name), say().certify.round(round, round_label));
}
