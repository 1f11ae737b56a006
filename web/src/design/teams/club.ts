/** Words that many clubs have, which tell nobody apart. */
const COMMON = new Set(["fc", "cf", "sc", "ac", "afc", "sv", "ec", "cr", "as", "ss", "club", "de", "do", "da", "1"]);

/** Two letters for a club's disc. */
export function lettersOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const own = words.filter((word) => !COMMON.has(word.toLowerCase()));
  const [first = "?", second] = own.length > 0 ? own : words;
  const letters = second === undefined ? first.slice(0, 2) : first.slice(0, 1) + second.slice(0, 1);
  return letters.toLocaleUpperCase();
}

/** A hue for a club's disc, in degrees; the same for the same name everywhere. */
export function hueOf(name: string): number {
  let sum = 2166136261;
  for (const letter of name) sum = Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 16777619);
  return (sum >>> 0) % 360;
}
