// Where cases of a process are found, for the line that says where one is.

import type { Route } from "../app/route.svelte";
import { menuNow } from "../app/session.svelte";
import type { Process } from "../gen/types";
import { say } from "../text/index.svelte";

type Step = { words: string; to?: Route };

/** The steps above a case. Only who applies has the pages of 認證專區. */
export function wayTo(process: Process): Step[] {
  const applies = menuNow().includes("certification");
  const communities = (): Step[] => [
    { words: say().page.functions, to: { at: "page", page: "functions" } },
    { words: say().cases.title, to: { at: "page", page: "home" } },
  ];
  const ways: Record<Process, () => Step[]> = {
    plc: communities,
    summary: communities,
    advanced: () => {
      const certification: Route | undefined = applies ? { at: "page", page: "certification" } : undefined;
      const certify: Route | undefined = applies ? { at: "page", page: "certify" } : undefined;
      return [
        { words: say().certify.zone, to: certification },
        { words: say().certify.name, to: certify },
      ];
    },
  };
  return ways[process]();
}
