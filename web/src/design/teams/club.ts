/** Words that many clubs have, which tell nobody apart. */
const COMMON = new Set(
  "ac afc as bc borussia bsc bv ca cd cf club clube cr da de do ec fc fsv rb rc rcd sc sd sl spvgg ss ssc sv tsg tsv ud us vfb vfl".split(
    " ",
  ),
);

/** Letters that fit into a disc. */
const MOST = 3;

/** Letters for a club's disc: its short code where it has one, else two of its name. */
export function lettersOf({ name, code }: { name: string; code?: string | null }): string {
  if (code != null && code !== "" && code.length <= MOST) return code.toLocaleUpperCase();
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const own = words.filter((word) => !COMMON.has(word.toLowerCase()) && !/^\d+$/.test(word));
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
