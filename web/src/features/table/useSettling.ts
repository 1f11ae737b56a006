// Places as this device showed them last: who moved since then slides to where they stand now.

import { useEffect, useState } from "react";

import { useCalm } from "../../device/calm";
import { kept } from "../../device/kept";
import { type Lead, leadOf } from "../../sentences/lead";
import type { Standing } from "./Row";

/** By account. */
type Places = Readonly<Record<string, number>>;

const keptOf = (pool: string) => kept(`bolao.places.${pool}`);
/** So long does the old order stand, so that an eye finds itself in it. */
const STANDS_MS = 700;
/** In a larger pool nobody sees the others move. */
const MOST = 200;

function read(pool: string): Places | undefined {
  try {
    const places: unknown = JSON.parse(keptOf(pool).read() ?? "null");
    return typeof places === "object" && places !== null ? (places as Places) : undefined;
  } catch {
    return undefined;
  }
}

const placesOf = (lines: readonly Standing[]): Places =>
  Object.fromEntries(lines.map(({ player, place }) => [player.account, place]));

const placeIn = (places: Places, { player, place }: Standing): number => {
  const then: unknown = places[player.account];
  return typeof then === "number" ? then : place;
};

/** The lines in the order of earlier places. */
export const inOrderOf = (lines: readonly Standing[], places: Places): Standing[] =>
  [...lines].sort((a, b) => placeIn(places, a) - placeIn(places, b));

/** Who leads now and did not then, or passed somebody near a player. */
export function newLead(lines: readonly Standing[], places: Places, own?: string): Lead | undefined {
  const lead = leadOf(
    lines.map((line) => ({ ...line, before: placeIn(places, line) })),
    own,
  );
  return lead?.is === "stay" ? undefined : lead;
}

/** The lines in the order in which they are to be drawn, and a change at the top since this device showed them last. */
export function useSettling(
  pool: string,
  lines: readonly Standing[] | undefined,
  own: string | undefined,
): { drawn: readonly Standing[] | undefined; lead: Lead | undefined } {
  const [then, setThen] = useState(() => read(pool));
  const [lead, setLead] = useState<Lead>();
  const few = lines !== undefined && lines.length <= MOST ? lines : undefined;
  const calm = useCalm();
  const moved = then !== undefined && few?.some((line) => placeIn(then, line) !== line.place) === true;
  // Who leads is told from the first sight on, so that nothing is pushed aside later.
  const news = moved ? newLead(few, then, own) : undefined;
  useEffect(() => {
    if (few === undefined) return undefined;
    const timer = setTimeout(
      () => {
        if (moved) setLead(news);
        const places = placesOf(few);
        keptOf(pool).write(JSON.stringify(places));
        setThen(places);
      },
      moved ? STANDS_MS : 0,
    );
    return () => clearTimeout(timer);
    // What was shown then is what stood when the lines came.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [few, pool]);
  return { drawn: moved && !calm ? inOrderOf(few, then) : lines, lead: moved ? news : lead };
}
