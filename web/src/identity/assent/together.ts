import type { Told } from "./useTold";

/**
 * Acts by what they are about, so that many changes of one match hide no other: in each the last one first; first those of which one came
 * with less notice than the rules ask for, then those that changed last.
 */
export function byAbout(acts: readonly Told[]): Told[][] {
  const groups = new Map<string, Told[]>();
  for (const act of [...acts].sort((one, other) => other.seq - one.seq))
    groups.set(act.about, [...(groups.get(act.about) ?? []), act]);
  const isShort = (group: readonly Told[]): number => Number(group.some(({ short }) => short));
  return [...groups.values()].sort((one, other) => isShort(other) - isShort(one));
}
