/** How many words are to be typed back. */
const ASKED = 3;

/** Places of words that are asked for, counted from 0, in order. `random` gives whole numbers from 0 up to its bound. */
export function places(words: number, random: (bound: number) => number): number[] {
  const left = Array.from({ length: words }, (_, place) => place);
  const chosen: number[] = [];
  while (chosen.length < Math.min(ASKED, words)) chosen.push(...left.splice(random(left.length), 1));
  return chosen.sort((one, other) => one - other);
}

/** A whole number below a bound that is far below 2³². */
export function drawn(bound: number): number {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  return number % bound;
}

/** Whether what was typed is the word: capitals and blanks around it do not matter. */
export const isWord = (typed: string, word: string): boolean => typed.trim().toLowerCase() === word;
