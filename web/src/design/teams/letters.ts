/** Words that many clubs have, which tell nobody apart. */
const COMMON = new Set(
  "ac afc as bc borussia bsc bv ca cd cf club clube cr da de do ec fc fsv rb rc rcd sc sd sl spvgg ss ssc sv tsg tsv ud us vfb vfl".split(
    " ",
  ),
);

/** Letters that fit onto a crest. */
export const MOST = 3;

/** Two letters of a club's name. */
export function lettersOf(name: string): string {
  if (name.length <= MOST && name !== "") return name;
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const own = words.filter((word) => !COMMON.has(word.toLowerCase()) && !/^\d+$/.test(word));
  const [first = "?", second] = own.length > 0 ? own : words;
  const letters = second === undefined ? first.slice(0, 2) : first.slice(0, 1) + second.slice(0, 1);
  return letters.toLocaleUpperCase();
}
