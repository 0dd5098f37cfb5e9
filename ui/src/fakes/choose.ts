// Stand-ins for lists that are narrowed and for acts on many cases: enough of the program's answers to draw its screens.

import type {
  Action,
  Budget,
  BulkAct,
  CaseNarrowing,
  CaseOrder,
  CaseQuery,
  CaseRow,
  CasesAct,
  CasesDone,
  CasesPreview,
  CasesPreviewRequest,
  Choices,
  State,
} from "../gen/types";

/** What the stand-in knows of a moment: rows, who may do what, and what goes wrong. */
export type Ground = {
  rows: () => CaseRow[];
  /** The acts of the person, each with the state it is possible in and the state after. */
  acts: Partial<Record<Action, [State, State]>>;
  labels: Record<State, string>;
  online: () => boolean;
  /** Ceilings are set. */
  ceilings: () => boolean;
};

const PER_PLC = 15_000;
const PER_SCHOOL = 60_000;
const COUNTY = 400_000;

/** Rows already acted on, by case: the state they are in now, and the amount. */
let moved = new Map<string, { state: State; approved: number | null }>();

/** Forgets every act. */
export function beginChoosing(): void {
  moved = new Map();
}

function seen(ground: Ground): CaseRow[] {
  return ground.rows().map((row) => {
    const now = moved.get(row.id);
    if (now === undefined) return row;
    const { state, approved } = now;
    return { ...row, state, approved, state_label: ground.labels[state], waits_for_me: false, pending: !ground.online() };
  });
}

const within = (value: number | null, span: CaseNarrowing["asked"]) =>
  (span?.from ?? null) === null && (span?.to ?? null) === null
    ? true
    : value !== null && value >= (span?.from ?? 0) && value <= (span?.to ?? Number.POSITIVE_INFINITY);
const among = <T>(list: T[] | undefined, value: T) => list === undefined || list.length === 0 || list.includes(value);

/** The rows that fit a question, in its order. */
export function fitting(ground: Ground, query: CaseQuery): CaseRow[] {
  const { plan_year, keyword, narrowing = {}, order = "newest" } = query;
  const fit = seen(ground).filter(
    (row) =>
      (plan_year === null || row.plan_year === plan_year) &&
      (keyword === null || row.owner.includes(keyword) || row.school.includes(keyword) || row.title.includes(keyword)) &&
      (!narrowing.process || row.process === narrowing.process) &&
      among(narrowing.states, row.state) &&
      among(narrowing.levels, row.level) &&
      among(narrowing.schools, row.school) &&
      within(row.asked, narrowing.asked) &&
      within(row.approved, narrowing.approved),
  );
  const orders: Record<CaseOrder, (a: CaseRow, b: CaseRow) => number> = {
    newest: () => 0,
    school: (a, b) => a.school.localeCompare(b.school),
    asked: (a, b) => (b.asked ?? -1) - (a.asked ?? -1),
  };
  return fit.sort(orders[order]);
}

/** What the filters offer. */
export function choicesOf(ground: Ground, query: CaseQuery): Choices {
  const of = (left: Partial<CaseNarrowing>, year = query.plan_year) =>
    fitting(ground, {
      ...query,
      plan_year: year,
      keyword: null,
      narrowing: { ...query.narrowing, asked: {}, approved: {}, ...left },
    });
  const count = <T>(rows: CaseRow[], key: (row: CaseRow) => T) => {
    const counts = new Map<T, number>();
    for (const row of rows) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
    return [...counts];
  };
  return {
    plan_years: count(of({}, null), (row) => row.plan_year).map(([plan_year, cases]) => ({ plan_year, cases })),
    states: count(of({ states: [] }), (row) => row.state).map(([state, cases]) => ({
      state,
      label: ground.labels[state],
      cases,
    })),
    schools: count(of({ schools: [] }), (row) => row.school).map(([name, cases]) => ({ code: name, name, cases })),
    levels: count(of({ levels: [] }), (row) => row.level)
      .filter(([level]) => level !== "")
      .map(([level, cases]) => ({ level, cases })),
  };
}

function budgetsOf(ground: Ground, picks: { row: CaseRow; amount: number }[]): Budget[] {
  if (picks.length === 0) return [];
  const set = ground.ceilings();
  const names = [...new Set(picks.map((pick) => pick.row.school))];
  const approved = (name?: string) =>
    seen(ground)
      .filter((row) => name === undefined || row.school === name)
      .reduce((sum, row) => sum + (row.approved ?? 0), 0);
  const amount = picks.reduce((sum, pick) => sum + pick.amount, 0);
  return [
    {
      plan_year: 111,
      cases: picks.length,
      amount,
      already: approved(),
      ceiling: set ? COUNTY : null,
      left: set ? COUNTY - approved() - amount : null,
      max_per_plc: set ? PER_PLC : null,
      max_per_school: set ? PER_SCHOOL : null,
      over: set ? picks.filter((pick) => pick.amount > PER_PLC).map((pick) => pick.row.id) : [],
      schools: names.map((name) => {
        const own = picks.filter((pick) => pick.row.school === name);
        const sum = own.reduce((sum, pick) => sum + pick.amount, 0);
        return {
          school: { code: name, name, county: "連江縣" },
          cases: own.length,
          amount: sum,
          already: approved(name),
          left: set ? PER_SCHOOL - approved(name) - sum : null,
        };
      }),
    },
  ];
}

/** What an act would do. */
export function previewOf(ground: Ground, { cases, action }: CasesPreviewRequest): CasesPreview {
  const amounts = new Map(cases.map((one) => [one.case, one.amount ?? null]));
  const rows = seen(ground).filter((row) => amounts.has(row.id));
  const able = (row: CaseRow, act: Action) => ground.acts[act]?.[0] === row.state;
  const acts: BulkAct[] = (Object.keys(ground.acts) as Action[]).map((act) => ({
    action: act,
    possible: rows.filter((row) => able(row, act)).length,
  }));
  const picks = rows
    .filter((row) => (action ? able(row, action) : row.approved === null))
    .map((row) => ({ row, amount: amounts.get(row.id) ?? row.asked ?? 0 }));
  return {
    chosen: rows.length,
    asked: rows.reduce((sum, row) => sum + (row.asked ?? 0), 0),
    acts,
    most: 500,
    rows: action
      ? rows.map((row) => {
          const to = able(row, action) ? (ground.acts[action]?.[1] ?? null) : null;
          const amount = action === "approve" ? (amounts.get(row.id) ?? row.asked) : null;
          return {
            row,
            to_label: to === null ? "" : ground.labels[to],
            notices:
              to === null ? [] : [{ title: { zh: "專業學習社群通知", en: "Learning community notice" }, to: "owner" as const }],
            amount,
            over: ground.ceilings() && amount !== null && amount > PER_PLC ? amount - PER_PLC : null,
            refused:
              to === null ? { code: "not_in_this_state" as const, params: { action, state: row.state }, message: "" } : null,
          };
        })
      : [],
    budgets: budgetsOf(ground, picks),
  };
}

/** Does it; every seventh case was decided by a colleague meanwhile. */
export function actOn(ground: Ground, { cases, action }: CasesAct): CasesDone {
  const rows = new Map(seen(ground).map((row) => [row.id, row]));
  const done: CasesDone = { action, accepted: 0, waiting: 0, refused: [] };
  cases.forEach((one, number) => {
    const row = rows.get(one.case);
    if (row && number % 7 === 6 && ground.online()) {
      const params = {
        seq: 4,
        by: "連江縣教專中心",
        role: "county",
        action: "approve",
        at: "2022-05-03T02:00:00Z",
        state_label: ground.labels.running,
      };
      done.refused.push({ row, case: one.case, failure: { code: "case_moved", params, message: "" } });
      return;
    }
    const to = ground.acts[action]?.[1];
    if (to) moved.set(one.case, { state: to, approved: action === "approve" ? (one.amount ?? row?.asked ?? null) : null });
    if (ground.online()) done.accepted += 1;
    else done.waiting += 1;
  });
  return done;
}
