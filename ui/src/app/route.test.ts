import { expect, test } from "vitest";
import { addressOf, parseRoute, type Route } from "./route.svelte";

test.each<Route>([
  { at: "page", page: "messages" },
  { at: "case", case: "0196-ab" },
  { at: "form", case: "0196-ab", form: "plc_budget" },
  { at: "review", case: "a/b" },
  { at: "sheet", case: "0196-ab" },
])("the address of %j leads back to it", (route) => expect(parseRoute(addressOf(route))).toEqual(route));

test("an unknown address is the home page", () => {
  expect(parseRoute("#/nowhere")).toEqual({ at: "page", page: "home" });
  expect(parseRoute("#/case/")).toEqual({ at: "page", page: "home" });
});
