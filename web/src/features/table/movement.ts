import type { Shapes } from "../../node/client";

type Line = Shapes["StandingBody"];
type Tally = Pick<Line, "points" | "exact" | "differences" | "tendencies" | "missing">;

/** What separates equal points: a name of the rules', and whether fewer is better. */
const BREAKS: Record<string, [keyof Tally, 1 | -1]> = {
  exact: ["exact", 1],
  differences: ["differences", 1],
  tendencies: ["tendencies", 1],
  fewer_missing: ["missing", -1],
};

const NAMES = ["points", "exact", "differences", "tendencies", "missing"] as const;

/**
 * By how many places each account has risen (or, negative, fallen) through a round: the table as it is, against the same
 * table without what the round gave. It decides nothing; places themselves are the pool's.
 */
export function movements(now: Line[], round: Line[], tieBreaks: readonly string[]): Map<string, number> {
  const gained = new Map(round.map((line) => [line.player.account, line]));
  const before = now.map((line) => {
    const gain = gained.get(line.player.account);
    const tally = Object.fromEntries(NAMES.map((name) => [name, line[name] - (gain?.[name] ?? 0)])) as unknown as Tally;
    return { account: line.player.account, place: line.place, tally };
  });
  const compare = (a: Tally, b: Tally): number => {
    if (a.points !== b.points) return b.points - a.points;
    for (const name of tieBreaks) {
      const [field, sign] = BREAKS[name] ?? ["points", 1];
      if (a[field] !== b[field]) return (b[field] - a[field]) * sign;
    }
    return 0;
  };
  before.sort((a, b) => compare(a.tally, b.tally));
  const moved = new Map<string, number>();
  let place = 0;
  before.forEach((line, index) => {
    const above = before[index - 1];
    if (above === undefined || compare(above.tally, line.tally) !== 0) place = index + 1;
    moved.set(line.account, place - line.place);
  });
  return moved;
}

type Round = Pick<Shapes["RoundBody"], "stage" | "scored" | "last_kickoff">;

/** The last round that has a score, where an earlier one has one too. */
export function lastScored(rounds: readonly Round[]): string | undefined {
  const scored = rounds
    .filter((round) => round.scored > 0)
    .sort((a, b) => Date.parse(a.last_kickoff ?? "") - Date.parse(b.last_kickoff ?? ""));
  return scored.length > 1 ? scored.at(-1)?.stage : undefined;
}
