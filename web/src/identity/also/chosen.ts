// To which other pools tips go as well: chosen for each page, off at first.

import { kept } from "../../device/kept";

const keptOf = (own: string) => kept(`bolao.also.${own}`);

/** The pools that were chosen on the page of a pool. */
export function chosenIn(own: string): string[] {
  try {
    const pools: unknown = JSON.parse(keptOf(own).read() ?? "[]");
    return Array.isArray(pools) ? pools.filter((pool) => typeof pool === "string") : [];
  } catch {
    return [];
  }
}

/** Chooses a pool for what is sent from now on, or no more. Gives those that are chosen. */
export function choose(own: string, pool: string, on: boolean): string[] {
  const others = chosenIn(own).filter((one) => one !== pool);
  const next = on ? [...others, pool] : others;
  keptOf(own).write(next.length === 0 ? null : JSON.stringify(next));
  return next;
}
