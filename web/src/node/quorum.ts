// What keepers decide together, by their votes.

interface Weighs {
  weight: number;
}

const all = (keepers: readonly Weighs[]): number => keepers.reduce((sum, { weight }) => sum + weight, 0);

/** The votes that stamp a page: more than two thirds of all. */
export const neededOf = (votes: number): number => Math.floor((votes * 2) / 3) + 1;

/** Those without whom the others stamp nothing. */
export const mustBeOn = <Keeper extends Weighs>(keepers: readonly Keeper[]): Keeper[] =>
  keepers.filter(({ weight }) => all(keepers) - weight < neededOf(all(keepers)));

/** How many may be off at once, whoever they are. */
export function mayBeOff(keepers: readonly Weighs[]): number {
  const heaviest = keepers.map(({ weight }) => weight).sort((one, other) => other - one);
  let left = all(keepers);
  const stops = heaviest.findIndex((weight) => (left -= weight) < neededOf(all(keepers)));
  return Math.max(stops, 0);
}
