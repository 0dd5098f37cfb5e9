// Where cases of a process are found, for the line that says where one is.

import type { Route } from "../app/route.svelte";
import type { Process } from "../gen/types";
import { say } from "../text/index.svelte";

type Step = { words: string; to?: Route };

/** The steps above a case. */
export function wayTo(process: Process): Step[] {
  const communities = (): Step[] => [
    { words: say().page.functions, to: { at: "page", page: "functions" } },
    { words: say().cases.title, to: { at: "page", page: "home" } },
  ];
  const ways: Record<Process, () => Step[]> = {
    plc: communities,
    summary: communities,
    advanced: () => [{ words: say().certify.zone }, { words: say().certify.name }],
  };
  return ways[process]();
}
