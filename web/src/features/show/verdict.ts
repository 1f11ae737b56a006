import { personOf, type Person } from "../../design/people";
import type { Shapes } from "../../node/client";

type Bet = Shapes["BetBody"];

/** How near this device's player came. */
export type Nearness = "exact" | "difference" | "winner" | "draw" | "one-team" | "wrong" | "none";

/** What a result made of the tips. */
export interface Verdict {
  is: Nearness;
  /** The player's own tip and what it gave, where there is one. */
  mine: { score: { home: number; away: number }; points: number } | undefined;
  /** Who else was exactly right. */
  exact: Person[];
  /** Whether nobody won a point. */
  nothing: boolean;
}

function nearness({ score, points, tier }: Bet): Nearness {
  if (score == null) return "none";
  if (tier === "exact") return "exact";
  if (!points) return "wrong";
  if (tier === "one_team") return "one-team";
  if (score.home === score.away) return "draw";
  return tier === "difference" ? "difference" : "winner";
}

export function verdictOf(bets: readonly Bet[], own: string | undefined): Verdict {
  const mine = bets.find(({ player }) => player.account === own);
  const others = bets.filter((bet) => bet !== mine && bet.tier === "exact");
  return {
    is: mine === undefined ? "none" : nearness(mine),
    mine: mine?.score == null ? undefined : { score: mine.score, points: mine.points ?? 0 },
    exact: others.map(({ player }) => personOf(player)),
    nothing: bets.every(({ points }) => !points),
  };
}
