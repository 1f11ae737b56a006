// How each player looks on this device: a colour made from the account, and letters of the name.

import { kept } from "../../device/kept";
import { store } from "../../device/store";

/** Somebody who plays. */
export interface Person {
  account: string;
  name: string;
}

/** The same of a player as the node names one; whoever is in no block yet has no name. */
export const personOf = ({ account, name }: { account: string; name?: string | null }): Person => ({
  account,
  name: name ?? account,
});

/** Colours of equal weight, on which white letters have 4.5 : 1. */
export const COLOURS = [
  "#2148c7",
  "#b4235a",
  "#b04a00",
  "#0b7285",
  "#7a5200",
  "#2f7a1f",
  "#a61e1e",
  "#46566b",
  "#6d3fc4",
] as const;

const KEPT = kept("bolao.colours");

/** Colours that were chosen on this device, by account: places in `COLOURS`. */
function read(): Readonly<Record<string, number>> {
  try {
    const known = JSON.parse(KEPT.read() ?? "{}") as Record<string, unknown>;
    const entries = Object.entries(known).filter(
      ([, at]) => Number.isInteger(at) && COLOURS[at as number] !== undefined,
    );
    return Object.fromEntries(entries) as Record<string, number>;
  } catch {
    return {};
  }
}

export const chosenColours = store(read());

/** Gives a player another colour on this device. */
export function chooseColour(account: string, at: number): void {
  chosenColours.set({ ...chosenColours.get(), [account]: at });
  KEPT.write(JSON.stringify(chosenColours.get()));
}

function sumOf(text: string): number {
  let sum = 2166136261;
  for (const letter of text) sum = Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 16777619);
  return sum >>> 0;
}

/** The place of a player's colour in `COLOURS`, unless another one was chosen. */
export const colourOf = (account: string): number => sumOf(account) % COLOURS.length;

/** The letters and digits of a name, one sign each. */
const signsOf = (name: string): string[] => name.match(/[\p{L}\p{N}]\p{M}*/gu) ?? [];

/** The first sign of a name, whatever it is: two letters make a flag, and others are joined. */
const FIRST = /^(?:\p{RI}{2}|.)(?:[\p{M}\p{EMod}]|\u200d.)*/u;

const DIGITS = ["2", "3", "4", "5", "6", "7", "8", "9"];

/** Two letters for a disc; `taken` are other people's. */
export function lettersOf(name: string, taken: ReadonlySet<string> = new Set()): string {
  const [first, ...rest] = signsOf(name);
  if (first === undefined) return FIRST.exec(name)?.[0] ?? "?";
  const head = first.toLocaleUpperCase();
  const free = [...rest, ...DIGITS].map((sign) => head + sign.toLocaleLowerCase()).find((it) => !taken.has(it));
  return free ?? head;
}

/** How somebody looks: letters, and a place in `COLOURS`. */
export interface Face {
  letters: string;
  colour: number;
}

/** The faces of everybody known, by account; nobody has another's letters, and nobody another's colour while there are enough. */
export const knownFaces = store<ReadonlyMap<string, Face>>(new Map());

/** The colour that fewest have, from one's own on. */
function freeColour(own: number, worn: readonly number[]): number {
  const least = Math.min(...worn);
  const after = COLOURS.map((_, step) => (own + step) % COLOURS.length);
  return after.find((at) => worn[at] === least) ?? own;
}

/** Somebody in a pool, since a block of this height. */
type Member = Person & { joined: number };

const inOrder = (one: Member, other: Member): number =>
  one.joined - other.joined || (one.account < other.account ? -1 : 1);

/** Says who plays here. Whoever comes later takes nobody's letters, and nobody's colour. */
export function meet(people: readonly Member[]): void {
  const taken = new Set<string>();
  const worn = COLOURS.map(() => 0);
  const faces = new Map<string, Face>();
  for (const { account, name } of [...people].sort(inOrder)) {
    const letters = lettersOf(name, taken);
    const colour = freeColour(colourOf(account), worn);
    taken.add(letters);
    worn[colour] = (worn[colour] ?? 0) + 1;
    faces.set(account, { letters, colour });
  }
  const known = knownFaces.get();
  const same = ([account, { letters, colour }]: [string, Face]): boolean =>
    known.get(account)?.letters === letters && known.get(account)?.colour === colour;
  if (known.size !== faces.size || ![...faces].every(same)) knownFaces.set(faces);
}
