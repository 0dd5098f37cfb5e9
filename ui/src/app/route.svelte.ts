// Where the person is. The address is the part after `#`, so that Back works and nothing is asked of a server.

import type { Page } from "../gen/types";

/** A place in the program; some pages have parts, such as the tabs of 個人資料. */
export type Route =
  | { at: "page"; page: Page; part?: string }
  | { at: "case"; case: string }
  | { at: "form"; case: string; form: string }
  | { at: "review"; case: string }
  | { at: "sheet"; case: string };

const PAGES: Record<Page, true> = {
  home: true,
  functions: true,
  cases: true,
  search: true,
  summary: true,
  charts: true,
  choose: true,
  assign: true,
  reviewers: true,
  messages: true,
  downloads: true,
  guide: true,
  profile: true,
  settings: true,
  rules: true,
  certification: true,
  certify: true,
  record_import: true,
};

/** The route of an address; an unknown address is the home page. */
export function parseRoute(hash: string): Route {
  const [first = "", id = "", third = "", form = ""] = hash
    .replace(/^#?\/?/, "")
    .split("/")
    .map(decodeURIComponent);
  if (first === "case" && id !== "") {
    if (third === "review") return { at: "review", case: id };
    if (third === "sheet") return { at: "sheet", case: id };
    if (third === "form" && form !== "") return { at: "form", case: id, form };
    return { at: "case", case: id };
  }
  if (!(first in PAGES)) return { at: "page", page: "home" };
  return id === "" ? { at: "page", page: first as Page } : { at: "page", page: first as Page, part: id };
}

/** The address of a route. */
export function addressOf(route: Route): string {
  switch (route.at) {
    case "page":
      return route.part === undefined ? `#/${route.page}` : `#/${route.page}/${encodeURIComponent(route.part)}`;
    case "case":
      return `#/case/${encodeURIComponent(route.case)}`;
    case "form":
      return `#/case/${encodeURIComponent(route.case)}/form/${encodeURIComponent(route.form)}`;
    case "review":
      return `#/case/${encodeURIComponent(route.case)}/review`;
    case "sheet":
      return `#/case/${encodeURIComponent(route.case)}/sheet`;
  }
}

let current = $state<Route>(parseRoute(typeof location === "undefined" ? "" : location.hash));

/** The route in use. */
export function route(): Route {
  return current;
}

/** Goes to a route. */
export function go(next: Route): void {
  const address = addressOf(next);
  if (location.hash === address) current = next;
  else location.hash = address;
}

/** Follows the address. Returns what ends it. */
export function followAddress(): () => void {
  const follow = () => {
    current = parseRoute(location.hash);
  };
  follow();
  window.addEventListener("hashchange", follow);
  return () => window.removeEventListener("hashchange", follow);
}
