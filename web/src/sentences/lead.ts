// What the last scores made of the top of the table, and of the places around a player.

import type { Shapes } from "../node/client";

type Player = Shapes["PlayerRef"];

/**
 * `overtake`: some are first now who were not, and some are no more. `level`: some have joined those who were first. `ahead`: some who
 * shared the first place lead now. `pass`: further down one passed another. `stay`: nothing changed.
 */
export interface Lead {
  is: "overtake" | "level" | "ahead" | "pass" | "stay";
  /** Who did so. */
  first: Player[];
  /** Whom they overtook, drew level with or left behind. */
  others: Player[];
  /** The place of those who did so. */
  place: number;
}

type Line = Pick<Shapes["StandingBody"], "player" | "place" | "before">;

/** So many places away, somebody is near. */
const NEAR = 2;

/** Who passed whom, nearest to a player's own place. */
function passOf(lines: readonly Line[], own: string | undefined): Lead | undefined {
  const mine = lines.find(({ player }) => player.account === own);
  if (mine === undefined) return undefined;
  const was = ({ before, place }: Line): number => before ?? place;
  const far = (line: Line): number => (line === mine ? -1 : Math.abs(line.place - mine.place));
  const passes = lines.flatMap((line) => {
    const passed = lines.filter((other) => was(other) < was(line) && other.place > line.place);
    const whom = passed.includes(mine) ? mine : passed[0];
    return whom === undefined ? [] : [{ line, whom, far: whom === mine ? -1 : far(line) }];
  });
  const [nearest] = passes.sort((a, b) => a.far - b.far);
  if (nearest === undefined || nearest.far > NEAR) return undefined;
  const { line, whom } = nearest;
  return { is: "pass", first: [line.player], others: [whom.player], place: line.place };
}

/**
 * `before`: the place before those scores. `own`: the account of whom passes further down matter to. Nothing of an empty
 * table.
 */
export function leadOf(lines: readonly Line[], own?: string): Lead | undefined {
  const at = (keep: (place: number, before: number) => boolean): Player[] =>
    lines.filter(({ place, before }) => keep(place, before ?? place)).map(({ player }) => player);
  const up = at((place, before) => place === 1 && before > 1);
  const down = at((place, before) => place > 1 && before === 1);
  const stay = at((place, before) => place === 1 && before === 1);
  if (up.length > 0 && down.length > 0) return { is: "overtake", first: up, others: down, place: 1 };
  if (up.length > 0) return { is: "level", first: up, others: stay, place: 1 };
  if (stay.length === 0) return undefined;
  if (down.length > 0) return { is: "ahead", first: stay, others: down, place: 1 };
  return passOf(lines, own) ?? { is: "stay", first: stay, others: [], place: 1 };
}
