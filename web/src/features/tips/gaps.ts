import type { Shapes } from "../../node/client";

type Line = Pick<Shapes["StandingBody"], "player" | "points">;

/** Somebody near in the table, and by how many points they are ahead; negative where they are behind. */
export interface Gap {
  account: string;
  name: string;
  by: number;
}

/** How far the first one and the next better one are ahead of a player; of the first one, how far the next one is behind. */
export function gapsOf(lines: readonly Line[], account: string): Gap[] {
  const own = lines.find(({ player }) => player.account === account);
  if (own === undefined) return [];
  const others = lines.filter((line) => line !== own);
  const better = others.filter(({ points }) => points > own.points);
  const near = better.length > 0 ? [better[0], better.at(-1)] : others.slice(0, 1);
  return [...new Set(near)].flatMap((line) => {
    if (line === undefined) return [];
    const { player, points } = line;
    return { account: player.account, name: player.name ?? player.account, by: points - own.points };
  });
}
