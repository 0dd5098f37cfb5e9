// 計畫挑選: the filters and the ticks, kept while one looks at a case and comes back.

import { parseNumber } from "../form/values";
import type { CaseOrder, CaseQuery, State } from "../gen/types";

/** Filters as a person sets them; amounts as they were typed. */
export type Filters = {
  year: number | null;
  keyword: string;
  states: State[];
  levels: string[];
  /** By code, with their names: a school stays named when the other filters leave nothing of it. */
  schools: { code: string; name: string }[];
  askedFrom: string;
  askedTo: string;
  approvedFrom: string;
  approvedTo: string;
  order: CaseOrder;
};

const NOTHING: Filters = {
  year: null,
  keyword: "",
  states: [],
  levels: [],
  schools: [],
  askedFrom: "",
  askedTo: "",
  approvedFrom: "",
  approvedTo: "",
  order: "newest",
};

let filters = $state.raw<Filters>(NOTHING);
let chosen = $state.raw<ReadonlySet<string>>(new Set());
let whose = "";

/** Begins anew for another person: what one chose is nothing to the next. */
export function choosingFor(person: string): void {
  if (whose === person) return;
  whose = person;
  filters = NOTHING;
  chosen = new Set();
}

/** The filters in use. */
export function filtersNow(): Filters {
  return filters;
}

/** Changes filters. */
export function narrow(change: Partial<Filters>): void {
  filters = { ...filters, ...change };
}

/** Lets every filter go; the order stays. */
export function widen(): void {
  filters = { ...NOTHING, order: filters.order };
}

/** Whether anything is narrowed. */
export function isNarrowed(): boolean {
  const { year, order: _, ...lists } = filters;
  return year !== null || Object.values(lists).some((value) => value.length > 0);
}

/** The question of the filters. */
export function queryNow(offset: number, limit: number): CaseQuery {
  return {
    plan_year: filters.year,
    keyword: filters.keyword.trim() || null,
    offset,
    limit,
    narrowing: {
      process: "plc",
      states: filters.states,
      levels: filters.levels,
      schools: filters.schools.map((school) => school.code),
      asked: { from: amount(filters.askedFrom), to: amount(filters.askedTo) },
      approved: { from: amount(filters.approvedFrom), to: amount(filters.approvedTo) },
    },
    order: filters.order,
  };
}

/** An amount of a filter; what is no amount asks nothing. */
function amount(text: string): number | null {
  const number = parseNumber(text);
  return number !== null && number >= 0 && number <= 4_294_967_295 ? number : null;
}

/** The cases that are ticked. */
export function chosenNow(): ReadonlySet<string> {
  return chosen;
}

/** Ticks cases, or lets them go. */
export function tick(cases: string[], on: boolean): void {
  const next = new Set(chosen);
  for (const one of cases) {
    if (on) next.add(one);
    else next.delete(one);
  }
  chosen = next;
}

/** Lets every case go. */
export function untick(): void {
  chosen = new Set();
}
