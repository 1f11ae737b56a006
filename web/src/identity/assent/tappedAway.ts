// Which acts of organisers a player has tapped away on this device. Each is kept as it was told: a node could tell another in its place.

import { kept } from "../../device/kept";
import type { Told } from "./useTold";

/** More than are ever told at once. */
const MOST = 200;

const storeOf = (pool: string) => kept(`bolao.acts.${pool}`);

const textOf = ({ seq, signers, said }: Told): string =>
  JSON.stringify([seq, signers.map(({ account }) => account), said]);

function textsOf(pool: string): unknown[] {
  try {
    const texts: unknown = JSON.parse(storeOf(pool).read() ?? "[]");
    return Array.isArray(texts) ? texts : [];
  } catch {
    return [];
  }
}

/** Those of them that were not. */
export function notTappedAway(pool: string, acts: readonly Told[]): Told[] {
  const texts = new Set(textsOf(pool));
  return acts.filter((act) => !texts.has(textOf(act)));
}

export const tapAway = (pool: string, acts: readonly Told[]): void =>
  void storeOf(pool).write(JSON.stringify([...acts.map(textOf), ...textsOf(pool)].slice(0, MOST)));
