// What the last scores made of the top of the table.

import type { Shapes } from "../node/client";

type Player = Shapes["PlayerRef"];

/**
 * `overtake`: some are first now who were not, and some are no more. `level`: some have joined those who were first. `ahead`: some who
 * shared the first place lead now. `stay`: nothing changed.
 */
export interface Lead {
  is: "overtake" | "level" | "ahead" | "stay";
  /** Who did so. */
  first: Player[];
  /** Whom they overtook, drew level with or left behind. */
  others: Player[];
}

/** `before`: the place before those scores. Nothing of an empty table. */
export function leadOf(
  lines: readonly Pick<Shapes["StandingBody"], "player" | "place" | "before">[],
): Lead | undefined {
  const at = (keep: (place: number, before: number) => boolean): Player[] =>
    lines.filter(({ place, before }) => keep(place, before ?? place)).map(({ player }) => player);
  const up = at((place, before) => place === 1 && before > 1);
  const down = at((place, before) => place > 1 && before === 1);
  const stay = at((place, before) => place === 1 && before === 1);
  if (up.length > 0 && down.length > 0) return { is: "overtake", first: up, others: down };
  if (up.length > 0) return { is: "level", first: up, others: stay };
  if (stay.length === 0) return undefined;
  return down.length > 0 ? { is: "ahead", first: stay, others: down } : { is: "stay", first: stay, others: [] };
}
