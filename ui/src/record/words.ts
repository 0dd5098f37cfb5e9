// The lines of 資格檢核 in the words of the slides: what is asked, and the figures it was judged by. Nothing is judged here.

import type { Asked, EligibilityLine } from "../gen/types";
import { say } from "../text/index.svelte";

/** A line as it is shown: its name, what is asked (one of several), what there is. */
export type LineWords = { name: string; asked: string[]; found: string[] };

/** The words of a line. */
export function lineWords({ asked }: EligibilityLine): LineWords {
  const words = say().record.certify;
  switch (asked.type) {
    case "identity":
      return { name: words.identity, asked: [words.serving], found: [identityWords(asked)] };
    case "tenured_years":
      return {
        name: words.tenured,
        asked: [words.years(asked.needed)],
        found: [asked.since === null ? words.notTenured : words.since(asked.since, asked.years)],
      };
    case "teaching_years":
      return { name: words.teaching, asked: [words.years(asked.needed)], found: [words.has(asked.years)] };
    case "entry_cert":
      return certificateWords(asked);
    case "training_hours":
      return hoursWords(asked);
    case "training_year":
      return {
        name: words.trainingYear,
        asked: [words.thisYear, ...Array.from({ length: asked.plan_years - 1 }, (_, place) => words.yearBefore(place + 1))],
        found: [words.within(asked.from, asked.to, asked.within), ...(asked.outside > 0 ? [words.outside(asked.outside)] : [])],
      };
    default:
      return asked satisfies never;
  }
}

type Of<K extends Asked["type"]> = Extract<Asked, { type: K }>;

function identityWords({ serving }: Of<"identity">): string {
  const words = say().record.certify;
  if (serving === null) return words.notSaid;
  return serving ? words.serving : words.notServing;
}

function certificateWords({ kinds, number, instead }: Of<"entry_cert">): LineWords {
  const { certify: words, training } = say().record;
  // 初階證號: the kind without the 認證 of its full name.
  const names = kinds.map((kind) => training[kind]);
  return {
    name: words.certificate,
    asked: [
      instead === null
        ? words.certificateOnly(names)
        : words.certificateOr(names, instead.from, training[instead.kind], instead.needed),
    ],
    found: [
      number === null ? words.holdsNone(names) : words.holds(number),
      ...(instead !== null && (number === null || instead.hours > 0)
        ? [words.hoursOf(training[instead.kind], instead.hours)]
        : []),
    ],
  };
}

function hoursWords({ kind, periods }: Of<"training_hours">): LineWords {
  const { certify: words, training } = say().record;
  const [newest] = periods;
  // Periods in which nothing was taken say nothing; one is always told, so that one sees how much is lacking.
  const told = periods.filter((period) => period.hours > 0);
  const earlier = told.length > 1;
  return {
    name: words.hours,
    asked: periods.map(({ from, to, needed }) => (to === null ? words.open(from, needed) : words.period(from, to, needed))),
    found: (told.length > 0 || newest === undefined ? told : [newest]).map(
      ({ hours, needed, with_earlier }) =>
        words.counted(training[kind], hours) +
        (with_earlier && earlier ? words.withEarlier : "") +
        (hours < needed ? words.lacking(needed - hours) : ""),
    ),
  };
}
