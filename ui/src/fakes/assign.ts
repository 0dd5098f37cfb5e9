// Stand-ins for 分發委員 and 審查委員: realistic reviewers and cases, no rules worth the name. Never built in.
// `?assign=<cases>` says how many cases wait, `&refuse=case_moved` that the first of them went on meanwhile.

import type { Rpc } from "../gen/rpc";
import type { CaseQuery, CaseRow, Label, Person, Proposal, Reviewer, ReviewerRow, State } from "../gen/types";

type World = {
  wish: () => URLSearchParams;
  online: () => boolean;
  /** Who reviews a case now. */
  asked: (id: string) => Person[];
  refuse: (code: string, params?: Record<string, unknown>) => Promise<never>;
};

const STATES: State[] = ["first_assign", "second_assign", "first_assign", "appeal_assign"];
const LABELS = ["初審分發委員", "複審分發委員", "初審分發委員", "申復分發委員"];
const FIELDS: [string, string][] = [
  ["語文", "Languages"],
  ["數學", "Mathematics"],
  ["社會", "Social studies"],
  ["自然科學", "Natural sciences"],
  ["藝術", "Arts"],
  ["綜合活動", "Integrative activities"],
  ["科技", "Technology"],
  ["健康與體育", "Health and physical education"],
];

const school = (code: string, name: string, county: string) => ({ code, name, county });
const POOL: [string, string, string | null, Reviewer["school"], string[], boolean, number | null][] = [
  ["reviewer-a", "審查委員甲", "臺中市", school("193626", "市立大明國小", "臺中市"), ["數學", "自然科學"], true, null],
  ["reviewer-b", "審查委員乙", "連江縣", null, ["語文", "社會"], true, 5],
  ["reviewer-c", "審查委員丙", null, null, ["數學", "科技"], true, null],
  ["reviewer-d", "審查委員丁", "連江縣", school("724601", "縣立介壽國(中)小", "連江縣"), ["藝術"], true, null],
  ["reviewer-e", "審查委員戊", "連江縣", null, [], false, 3],
];

/** The commands of the two pages, over one pool that changes. */
export function assignRpc(world: World) {
  let rows: ReviewerRow[] = [];
  let gone = new Set<string>();

  const begin = () => {
    gone = new Set();
    rows = POOL.map(([account, name, county, at, fields, active, most], place) => ({
      reviewer: { person: { id: account, name }, county, school: at, fields: [...fields], active, most },
      account,
      load: place,
      unfit: null,
    }));
  };

  const waiting = (): CaseRow[] =>
    Array.from({ length: Number(world.wish().get("assign") ?? 0) }, (_, place) => ({
      id: `assign-${place + 1}`,
      process: "advanced" as const,
      plan_year: 111,
      owner: `市北測試${place + 20}老師`,
      school: place % 2 === 0 ? "縣立介壽國(中)小" : "縣立中正國(中)小",
      title: "",
      state: STATES[place % STATES.length] ?? "first_assign",
      state_label: LABELS[place % LABELS.length] ?? "",
      level: "",
      asked: null,
      approved: null,
      waits_for_me: true,
      pending: false,
      created_at: "2022-09-01T04:00:00Z",
      updated_at: "2022-10-01T04:00:00Z",
    })).filter((row) => !gone.has(row.id));

  const unfit = ({ reviewer }: ReviewerRow) =>
    reviewer.school?.code === "724601" ? "same_school" : reviewer.active ? null : "inactive";

  const propose = (id: string, place: number): Proposal => {
    const fit = rows.filter((row) => unfit(row) === null);
    const one = fit[place % Math.max(fit.length, 1)];
    const alone = world.wish().has("short") && place === 0;
    return {
      case: id,
      round: "first",
      reviewers:
        one === undefined || alone
          ? []
          : [
              {
                person: one.reviewer.person,
                county: one.reviewer.county,
                load: one.load + 1,
                at_home: one.reviewer.fields.includes("數學"),
              },
            ],
      missing: one === undefined || alone ? 1 : 0,
      obstacles: alone
        ? [
            { why: "full", reviewers: 3 },
            { why: "inactive", reviewers: 1 },
            { why: "same_school", reviewers: 1 },
          ]
        : [],
    };
  };

  const view = () => ({
    // A county's office keeps its own.
    rows: world.wish().has("nothing") ? [] : rows.filter((row) => row.reviewer.county === "連江縣"),
    fields: FIELDS.map(([zh, en]): Label => ({ zh, en })),
    counties: ["連江縣"],
    may_be_national: false,
  });

  const commands = {
    reviewer_pool: async () => (world.online() ? view() : world.refuse("offline")),
    reviewer_put: async ({ account, put }) => {
      if (!world.online()) return world.refuse("offline");
      rows = rows.map((row) =>
        row.reviewer.person.id === account ? { ...row, reviewer: { person: row.reviewer.person, ...put } } : row,
      );
      return view();
    },
    assign_choices: async ({ case: case_ }) =>
      world.online()
        ? {
            round: "first" as const,
            round_label: "初審",
            wanted: 1,
            asked: world.asked(case_),
            rows: rows.map((row) => ({ ...row, unfit: unfit(row) })),
          }
        : world.refuse("offline"),
    assign_propose: async ({ cases }) =>
      world.online() ? { proposals: cases.map(propose), refused: [] } : world.refuse("offline"),
    cases_assign: async ({ cases }) => {
      const before = waiting();
      const moved = world.wish().get("refuse") === "case_moved" ? cases[0]?.case : undefined;
      for (const one of cases) gone.add(one.case);
      const taken = cases.length - (moved === undefined ? 0 : 1);
      return {
        action: "assign" as const,
        accepted: world.online() ? taken : 0,
        waiting: world.online() ? 0 : taken,
        refused:
          moved === undefined
            ? []
            : [
                {
                  row: before.find((row) => row.id === moved) ?? null,
                  case: moved,
                  failure: {
                    code: "case_moved" as const,
                    params: {
                      seq: 4,
                      by: "連江縣教專中心二",
                      role: "county",
                      action: "assign",
                      at: "2022-10-02T02:00:00Z",
                      state_label: "初審",
                    },
                    message: "",
                  },
                },
              ],
      };
    },
  } satisfies Partial<Rpc>;

  /** The cases that wait, where the question is for such ones. */
  const found = (query: CaseQuery): CaseRow[] | null =>
    query.narrowing?.states?.includes("first_assign") && !world.wish().has("nothing") && world.wish().has("assign")
      ? waiting()
      : null;

  return { begin, found, commands };
}
