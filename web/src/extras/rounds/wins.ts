/** A round, in the parts in which wins are counted: who shares one has a part of it. */
export const ROUND = 720_720;

/** The shares that have a sign of their own. */
const SIGNS = new Map([
  [0, ""],
  [ROUND / 4, "¼"],
  [ROUND / 3, "⅓"],
  [ROUND / 2, "½"],
  [(ROUND * 2) / 3, "⅔"],
  [(ROUND * 3) / 4, "¾"],
]);

/** How many rounds so many parts are: "2", "½", "1½"; others as `decimal` writes them. */
export function roundsText(parts: number, decimal: (rounds: number) => string): string {
  const sign = SIGNS.get(parts % ROUND);
  if (sign === undefined) return decimal(parts / ROUND);
  const whole = Math.floor(parts / ROUND);
  return whole === 0 && sign !== "" ? sign : `${whole}${sign}`;
}
