// What most pools ask, filled with the fixtures' teams.

import { t } from "@lingui/core/macro";

import { teamName } from "../../design/teams";
import type { Shapes } from "../../node/client";
import { localText, seconds } from "../../words/time";
import type { QuestionDraft } from "./ask";

/** What is to be known of a match. */
type Match = Pick<Shapes["MatchBody"], "home" | "away" | "kickoff" | "day" | "stage">;

export const TEMPLATES = ["champion", "semis", "group", "scorer", "goals"] as const;
export type Template = (typeof TEMPLATES)[number];

const DECIDERS = "winner|loser|runner-up|sieger|verlierer|vencedor|perdedor";
const DRAWN = /^([1-9][A-Z]|3[A-Z](\/[A-Z])+|[WL][1-9]\d{0,3})$/;
const OPEN = new RegExp(String.raw`^(\?|n\.n\.|tba|tbc|tbd)$|^to be |^(${DECIDERS}) | (${DECIDERS})$`, "i");

/** The teams of some matches that are known already (rule S21), in the order of their names. */
function teamsOf(matches: readonly Match[]): string[] {
  const names = new Set(matches.flatMap(({ home, away }) => [home.name, away.name]));
  return [...names]
    .filter((name) => !DRAWN.test(name) && !OPEN.test(name))
    .sort((one, other) => teamName({ name: one }).localeCompare(teamName({ name: other })));
}

const GROUP = /^(group|gruppe|grupo)\b/i;

/** The rounds that are groups, each with its teams. */
export function groupsOf(matches: readonly Match[]): { stage: string; teams: string[] }[] {
  const stages = [...new Set(matches.map(({ stage }) => stage))].filter((stage) => GROUP.test(stage)).sort();
  return stages
    .map((stage) => ({ stage, teams: teamsOf(matches.filter((match) => match.stage === stage)) }))
    .filter(({ teams }) => teams.length > 2 && teams.length <= 8);
}

const HOUR_S = 3600;

/** When answers end: when the first match begins before which there is time enough for everybody to hear of it, or the day on which it is
 * played where no more is known; empty where none is. */
function closesAt(matches: readonly Match[], now_s: number, notice_s: number): string {
  const begins = matches.flatMap(({ kickoff, day }) => kickoff ?? day?.begins ?? []);
  const times = begins.map(seconds);
  const late = times.filter((at_s) => at_s >= now_s + notice_s + HOUR_S);
  return late.length === 0 ? "" : localText(Math.min(...late));
}

/** More goals than this a match hardly has on average. */
const GOALS = 6;
const MOST_ANSWER = 9999;

/** What questions are filled with. */
export interface Known {
  matches: readonly Match[];
  now_s: number;
  notice_s: number;
  /** Of the order of a group: which. */
  stage?: string | undefined;
}

/** What a template asks of these matches. */
export function filled(template: Template, { matches, now_s, notice_s, stage }: Known): QuestionDraft {
  const closes = closesAt(matches, now_s, notice_s);
  const one = { options: teamsOf(matches).join("\n"), closes, slots: 1, asks: choice(0) };
  switch (template) {
    case "champion":
      return { ...one, code: template, text: t`Who becomes champion?`, points: "10" };
    case "semis":
      return { ...one, code: template, text: t`Who reaches the semi-finals?`, points: "4", slots: 4, asks: choice(4) };
    case "scorer":
      return { ...one, code: template, text: t`Which team does the top scorer play for?`, points: "5" };
    case "group": {
      const groups = groupsOf(matches);
      const { stage: name, teams } = groups.find((it) => it.stage === stage) ?? groups[0] ?? { stage: "", teams: [] };
      const code = name.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 24);
      const text = t`${name}: in which order do they finish?`;
      const asks = { ...choice(2), misplaced: 0 };
      return { ...one, code, text, points: "2", options: teams.join("\n"), slots: teams.length, asks };
    }
    case "goals": {
      const most = Math.min(MOST_ANSWER, GOALS * Math.max(1, matches.length));
      const asks = { kind: "number" as const, least: 0, most, near: [5, 3, 1] };
      return { ...one, code: template, text: t`How many goals are scored in all matches?`, points: "8", asks };
    }
  }
}

const choice = (perfect: number) => ({ kind: "choice" as const, options: [], perfect });

/** A short name that nothing else has. */
export function freeCode(code: string, taken: readonly { code: string }[]): string {
  const is = (tried: string): boolean => taken.some((it) => it.code.toLowerCase() === tried.toLowerCase());
  for (let at = 2, tried = code; ; at += 1, tried = `${code}-${at - 1}`) if (!is(tried)) return tried;
}
