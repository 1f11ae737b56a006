// A round that is over, as the program tells it: sentences, and whom each is about.

import { type Person, personOf } from "../../design/people";
import type { Shapes } from "../../node/client";
import { inWords } from "../../rulebook/said";
import { roundName } from "../../words/rounds";
import { dated } from "../../words/time";

type Said = Shapes["SaidBody"];
type Value = Shapes["ValueBody"];
type Match = Shapes["MatchBody"];

/** A line of a recap. */
export interface Told {
  about: Shapes["RecapOf"];
  text: string;
  /** The same for who reads it on another day. */
  later: string;
  people: Person[];
  /** Both teams of the match, where it is about a match only. */
  teams: Match["home"][];
}

const HEADING = "{pool}: {round} in a nutshell";

/** What stands over a recap that is sent to friends. */
export const headingOf = (pool: string, stage: string): string | undefined =>
  inWords({ template: HEADING, values: { pool, round: roundName(stage) } });

const valuesOf = ({ values = {} }: Said): Value[] => Object.values(values);

/** The sentence with other values. */
const withValues = ({ template, values = {} }: Said, other: (value: Value, name: string) => Value): Said => ({
  template,
  values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, other(value, name)])),
});

const named = (says: Said): Said =>
  withValues(says, (value, name) => (name === "round" && typeof value === "string" ? roundName(value) : value));

/** With days instead of "today". */
const datedIn = (says: Said): Said =>
  withValues(says, (value) => (typeof value === "object" && "at" in value ? dated(value.at) : value));

/** Everybody in a sentence. */
function peopleIn(says: Said): Person[] {
  return valuesOf(says).flatMap((value) => {
    if (typeof value !== "object") return [];
    if ("player" in value) return [personOf(value.player)];
    return "template" in value ? peopleIn(value) : [];
  });
}

/** The teams of the round's match in a sentence, with what the pool knows of them. */
function teamsIn(says: Said, stage: string, matches: readonly Match[]): Match["home"][] {
  const [home, away] = valuesOf(says).flatMap((value) =>
    typeof value === "object" && "teams" in value ? value.teams : [],
  );
  const match = matches.find((it) => it.stage === stage && it.home.name === home && it.away.name === away);
  return match === undefined ? [] : [match.home, match.away];
}

const isPast = (says: Said, now_s: number): boolean =>
  valuesOf(says).some((value) => typeof value === "object" && "at" in value && value.at <= now_s);

/** The lines that this page has words for; of a match that has kicked off it does not say that it is next. */
export function toldOf(
  { lines }: Shapes["RecapBody"],
  stage: string,
  matches: readonly Match[],
  now_s: number,
): readonly Told[] {
  return lines.flatMap(({ about, says }) => {
    const [text, later] = [named(says), datedIn(named(says))].map((said) => inWords(said));
    if (text === undefined || later === undefined || (about === "next" && isPast(says, now_s))) return [];
    const teams = about === "upset" ? teamsIn(says, stage, matches) : [];
    return [{ about, text, later, people: peopleIn(says), teams }];
  });
}
