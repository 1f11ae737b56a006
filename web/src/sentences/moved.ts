// Who moved in the table by one match: the table as it is beside the same without that match's tips.

import type { Shapes } from "../node/client";
import { type Lead, leadOf } from "./lead";

type Line = Shapes["StandingBody"];
type Bet = Pick<Shapes["BetBody"], "player" | "points" | "tier">;
type Sums = Pick<Line, "points" | "exact" | "differences" | "tendencies" | "tips"> &
  Record<"wins" | "bonus" | "near", number>;

/** What counts between equal points, as the pool's rules name it. */
const COUNTS: Record<string, keyof Sums> = {
  exact: "exact",
  differences: "differences",
  tendencies: "tendencies",
  fewer_missing: "tips",
  wins: "wins",
  bonus: "bonus",
  nearest: "near",
};

const BY_TIER: Record<string, keyof Sums> = { exact: "exact", difference: "differences", tendency: "tendencies" };

function without(line: Line, bet: Bet | undefined): Sums {
  const { points, exact, differences, tendencies, tips } = line;
  // Of what questions and whole rounds gave, one match tells nothing: that stays as it is.
  const more = { wins: line.wins ?? 0, bonus: line.bonus ?? 0, near: -(line.off ?? 0) };
  const sums = { points, exact, differences, tendencies, tips, ...more };
  if (bet?.points == null) return sums;
  const tier = BY_TIER[bet.tier ?? ""];
  if (tier !== undefined) sums[tier] -= 1;
  return { ...sums, points: points - bet.points, tips: tips - 1 };
}

export interface Moved {
  line: Line;
  /** The place without the match, and how many places were won by it. */
  before: number;
  by: number;
  /** What the match gave; `null` without a tip that can be read. */
  points: number | null;
}

/** The table without the match, in the order of the lines, and what comes first in it. */
function withoutAll(lines: readonly Line[], bets: readonly Bet[], breaks: readonly string[]) {
  const tips = new Map(bets.map((bet) => [bet.player.account, bet]));
  const counts = ["points" as const, ...breaks.flatMap((name) => COUNTS[name] ?? [])];
  const ahead = (one: Sums, other: Sums): boolean => {
    const decides = counts.find((count) => one[count] !== other[count]);
    return decides !== undefined && one[decides] > other[decides];
  };
  return { tips, ahead, sums: lines.map((line) => without(line, tips.get(line.player.account))) };
}

/** What the match made of the first place; nothing where that is held as before, or all shared it. */
export function leadBy(lines: readonly Line[], bets: readonly Bet[], breaks: readonly string[]): Lead | undefined {
  const { sums, ahead } = withoutAll(lines, bets, breaks);
  const [first] = sums;
  if (first === undefined) return undefined;
  const best = sums.reduce((one, other) => (ahead(other, one) ? other : one), first);
  const led = sums.map((one) => !ahead(best, one));
  if (!led.includes(false)) return undefined;
  const lead = leadOf(lines.map(({ player, place }, at) => ({ player, place, before: led[at] === true ? 1 : 2 })));
  return lead?.is === "stay" ? undefined : lead;
}

/** `breaks`: what decides between equal points, by the pool's rules. */
export function movedBy(lines: readonly Line[], bets: readonly Bet[], breaks: readonly string[]): Moved[] {
  const { tips, ahead, sums } = withoutAll(lines, bets, breaks);
  const places = sums.map((own) => 1 + sums.filter((other) => ahead(other, own)).length);
  // Before the first match all share the first place, from which nobody comes down.
  const level = places.every((place) => place === 1);
  return lines.map((line, at) => {
    const before = level ? line.place : (places[at] ?? line.place);
    const points = tips.get(line.player.account)?.points ?? null;
    return { line, before, by: before - line.place, points };
  });
}

/** As many lines as there is room for: one's own, and those nearest to it, above all those that moved. In order of the table. */
export function nearest(moved: readonly Moved[], own: string | undefined, room: number): Moved[] {
  const mine = Math.max(
    0,
    moved.findIndex(({ line }) => line.player.account === own),
  );
  const far = (at: number): number => Math.abs(at - mine);
  const still = (at: number): number => Number(at !== mine && moved[at]?.by === 0);
  const chosen = [...moved.keys()].sort((a, b) => still(a) - still(b) || far(a) - far(b)).slice(0, room);
  return moved.filter((_, at) => chosen.includes(at));
}
