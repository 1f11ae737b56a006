// What validators decide together, by their votes.

interface Weighs {
  weight: number;
}

const all = (validators: readonly Weighs[]): number => validators.reduce((sum, { weight }) => sum + weight, 0);

/** The votes that confirm a block: more than two thirds of all. */
export const neededOf = (votes: number): number => Math.floor((votes * 2) / 3) + 1;

/** Those without whom the others confirm nothing. */
export const mustBeOn = <Validator extends Weighs>(validators: readonly Validator[]): Validator[] =>
  validators.filter(({ weight }) => all(validators) - weight < neededOf(all(validators)));

/** How many may be off at once, whoever they are. */
export function mayBeOff(validators: readonly Weighs[]): number {
  const heaviest = validators.map(({ weight }) => weight).sort((one, other) => other - one);
  let left = all(validators);
  const stops = heaviest.findIndex((weight) => (left -= weight) < neededOf(all(validators)));
  return Math.max(stops, 0);
}
