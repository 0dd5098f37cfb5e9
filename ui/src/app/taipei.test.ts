import { expect, test } from "vitest";
import { daysBetween } from "./taipei";

test.each([
  // The same day in Taipei, though not in UTC.
  ["2022-03-21T16:30:00Z", "2022-03-22T15:59:59.999Z", 0],
  ["2022-03-21T15:30:00Z", "2022-03-22T15:59:59.999Z", 1],
  ["2022-03-12T02:00:00Z", "2022-03-22T15:59:59.999Z", 10],
  ["2022-03-22T15:59:59.999Z", "2022-03-22T15:59:59.999Z", 0],
  // A second after the last moment, on the next day, and an hour after one of the same day.
  ["2022-03-22T16:00:00Z", "2022-03-22T15:59:59.999Z", -1],
  ["2022-03-22T05:00:00Z", "2022-03-22T04:00:00Z", -1],
])("from %s to %s: %i days", (from, to, days) => {
  expect(daysBetween(from, to)).toBe(days);
});
