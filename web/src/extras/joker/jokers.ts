// Jokers: on which matches they are, and which one moves where none is left.

import type { Shapes } from "../../node/client";

type Match = Pick<Shapes["MatchBody"], "no" | "stage">;

declare module "../../rules/types" {
  interface PlayerActs {
    joker: { off: number[]; on: number[] };
  }
}

/** The jokers that a pool gives, as its file of rules has them; a number that is 0 or absent limits nothing. */
export interface JokerRule {
  factor: number;
  per_stage?: number;
  in_all?: number;
}

/** The matches that lose and that get a joker. */
export interface Moves<Of extends { no: number } = { no: number }> {
  off: readonly Of[];
  on: readonly Of[];
}

/** A player's jokers. */
export interface Jokers<Of extends Match = Match> {
  rule: JokerRule;
  /** The numbers of the matches that have one. */
  on: ReadonlySet<number>;
  /** Those matches, as far as they are known. */
  matches: readonly Of[];
}

/** What acts do with jokers, the last one last. */
export const movesIn = (acts: readonly Shapes["Action"][]): Moves[] =>
  acts.flatMap((act) => (act.type === "joker" ? [{ off: act.off ?? [], on: act.on ?? [] }] : []));

/** The numbers of the matches that have one, once it was moved so. */
export function moved(before: readonly { no: number }[], moves: readonly Moves[]): Set<number> {
  const now = new Set(before.map(({ no }) => no));
  for (const { off, on } of moves) {
    for (const { no } of off) now.delete(no);
    for (const { no } of on) now.add(no);
  }
  return now;
}

/** A player's jokers as they are once they were moved so. */
export function jokersOf<Of extends Match>(
  rule: JokerRule,
  before: readonly { no: number }[],
  moves: readonly Moves[],
  matches: readonly Of[],
): Jokers<Of> {
  const on = moved(before, moves);
  return { rule, on, matches: matches.filter(({ no }) => on.has(no)) };
}

const left = (most: number | undefined, there: number): number => (most ? Math.max(0, most - there) : Infinity);

const leftIn = ({ rule, matches }: Jokers, stage: string): number =>
  left(rule.per_stage, matches.filter((match) => match.stage === stage).length);

/** How many are left for a match of a stage. */
export const leftFor = (jokers: Jokers, stage: string): number =>
  Math.min(left(jokers.rule.in_all, jokers.on.size), leftIn(jokers, stage));

/** What a tap on a match signs; `undefined` where no joker is left for it, and none can move there. */
export function movedTo<Of extends Match>(
  jokers: Jokers<Of>,
  match: Of,
  isOpen: (match: Of) => boolean,
): Moves<Of> | undefined {
  if (jokers.on.has(match.no)) return { off: [match], on: [] };
  if (leftFor(jokers, match.stage) > 0) return { off: [], on: [match] };
  const movable = jokers.matches.filter(isOpen);
  const alike = movable.find(({ stage }) => stage === match.stage);
  // One of another stage makes room in all, and none in this one.
  const from = alike ?? (leftIn(jokers, match.stage) === 0 ? undefined : movable[0]);
  return from && { off: [from], on: [match] };
}
