/** The best of three that a tip wins, by what people call the schemes: exact score, right difference, right winner. */
export const SCHEMES: Record<string, { exact: number; difference: number; tendency: number }> = {
  kicktipp: { exact: 4, difference: 3, tendency: 2 },
  c321: { exact: 3, difference: 2, tendency: 1 },
  wm543: { exact: 5, difference: 4, tendency: 3 },
  s52: { exact: 5, difference: 2, tendency: 2 },
  br10: { exact: 10, difference: 7, tendency: 5 },
};
