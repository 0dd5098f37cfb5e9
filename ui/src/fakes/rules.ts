// Stand-ins for 縣市規定: realistic rules, a version or two, no rules worth the name.

import packs from "../gen/packs.json";
import type { Rpc } from "../gen/rpc";
import type { CountyRules, FormDef, Problem, RuleChange, RulesVersion, RulesView } from "../gen/types";

type Refuse = (code: string, params?: Record<string, unknown>) => Promise<never>;
type World = { wish: () => URLSearchParams; online: () => boolean; editable: () => boolean; refuse: Refuse };

const HINTS = [
  "schedule_lesson_cycle",
  "schedule_results_shared",
  "schedule_each_semester",
  "enough_members",
  "enough_sessions",
  "printing_over",
  "total_over",
  "level_total_over",
  "school_total_over",
];

const first: CountyRules = {
  windows: { apply: { from: "2022-04-19T16:00:00Z", to: "2022-05-23T04:00:00Z" } },
  stamps: { plc_application: "stamped", plc_budget: "stamped" },
  levels: [
    { zh: "初階", en: "Basic", max: 7_500 },
    { zh: "進階", en: "Advanced", max: 10_000 },
    { zh: "示範", en: "Model", max: 15_000 },
  ],
  max_per_plc: 15_000,
  max_per_school: null,
  total_budget: 600_000,
  min_members: 6,
  min_sessions: 8,
  sessions_each_semester: 3,
  strict_checks: ["enough_members"],
  message: "請老師們登入平臺後，注意首頁「縣市最新消息」相關公告。",
  member_change: "若為跨校社群更動成員，請務必發函報教育局變更；若為校內社群，請循校內程序辦理。",
};

const changesFrom = (before: CountyRules, after: CountyRules): RuleChange[] =>
  (["levels", "max_per_plc", "max_per_school", "total_budget", "min_members", "min_sessions", "message"] as const)
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }));

function problemsIn(rules: CountyRules): Problem[] {
  const found: Problem[] = [];
  for (const [row, level] of rules.levels.entries())
    if (level.zh.trim() === "") found.push({ field: `levels.${row}.zh`, code: "required", params: {}, level: "error" });
  const { from = null, to = null } = rules.windows.apply ?? {};
  if (from !== null && to === null) found.push({ field: "windows.apply.to", code: "required", params: {}, level: "error" });
  if (from !== null && to !== null && to < from)
    found.push({ field: "windows.apply.to", code: "window_ends_first", params: { from }, level: "error" });
  if ((rules.max_per_plc ?? 0) < 0) found.push({ field: "max_per_plc", code: "below_min", params: { min: 0 }, level: "error" });
  return found;
}

/** The commands of 縣市規定, begun anew by `begin`. */
export function rulesRpc({ wish, online, editable, refuse }: World) {
  let inForce = first;
  let versions: RulesVersion[] = [];
  let typed: { rules: CountyRules; moved: RuleChange[] | null } | null = null;

  function begin() {
    inForce = first;
    typed = null;
    const changes: RuleChange[] = [
      { field: "windows.apply", before: null, after: first.windows.apply },
      { field: "stamps.plc_budget", before: "none", after: "stamped" },
      { field: "strict_checks.enough_members", before: false, after: true },
    ];
    const by = "連江縣教專中心";
    versions = wish().has("fresh")
      ? []
      : [
          {
            version: 2,
            at: "2022-05-03T01:15:00Z",
            by,
            changes: [{ field: "max_per_plc", before: 10_000, after: 15_000 }],
          },
          { version: 1, at: "2022-04-11T02:00:00Z", by, changes },
        ];
  }

  function open(year: number): RulesView {
    const rules = typed?.rules ?? inForce;
    return {
      county: "連江縣",
      plan_year: year,
      plan_years: [112, 111],
      rules,
      version: versions[0]?.version ?? 0,
      typed:
        typed === null
          ? null
          : { kept_at: "2022-05-03T02:42:07Z", changes: changesFrom(inForce, typed.rules), moved: typed.moved },
      versions,
      problems: editable() ? problemsIn(rules) : [],
      hints: HINTS,
      stampable: ["plc_application", "plc_budget", "plc_summary"].map((form) => ({
        form,
        name: (packs.forms as unknown as Record<string, FormDef>)[form]?.name ?? { zh: form, en: form },
      })),
      approved: editable() ? 126_800 : null,
      editable: editable(),
    };
  }

  const commands: Pick<Rpc, "rules_open" | "rules_keep" | "rules_revert" | "rules_save"> = {
    rules_open: async ({ plan_year }) => open(plan_year ?? 111),
    rules_keep: async ({ plan_year, rules }) => {
      typed = JSON.stringify(rules) === JSON.stringify(inForce) ? null : { rules, moved: typed?.moved ?? null };
      return open(plan_year);
    },
    rules_revert: async ({ plan_year }) => {
      typed = null;
      return open(plan_year ?? 111);
    },
    rules_save: async ({ plan_year, rules, over }) => {
      typed = { rules, moved: typed?.moved ?? null };
      if (problemsIn(rules).length > 0) return refuse("rules_invalid", { problems: problemsIn(rules) });
      if (!online()) return refuse("offline");
      if (wish().has("moved") && over !== 3) {
        const theirs = { ...inForce, min_members: 8 };
        const changes = changesFrom(inForce, theirs);
        if (versions[0]?.version !== 3)
          versions = [{ version: 3, at: "2022-05-03T02:00:00Z", by: "連江縣教專中心", changes }, ...versions];
        inForce = theirs;
        typed = { rules, moved: changes };
        return refuse("rules_moved", {});
      }
      const version = (versions[0]?.version ?? 0) + 1;
      const changes = changesFrom(inForce, rules);
      versions = [{ version, at: "2022-05-03T02:43:00Z", by: "連江縣教專中心", changes }, ...versions];
      inForce = rules;
      typed = null;
      return open(plan_year);
    },
  };
  return { begin, commands };
}
