import { t } from "@lingui/core/macro";

import type { Way } from "../../extras/points/way";

/** The best of three that a tip wins, by what people call the schemes: exact score, right difference, right winner. */
const BEST: Record<string, { exact: number; difference: number; tendency: number }> = {
  kicktipp: { exact: 4, difference: 3, tendency: 2 },
  c321: { exact: 3, difference: 2, tendency: 1 },
  wm543: { exact: 5, difference: 4, tendency: 3 },
  s52: { exact: 5, difference: 2, tendency: 2 },
  br10: { exact: 10, difference: 7, tendency: 5 },
};

/** Points by their numbers alone. */
export const SCHEMES: Way<"scheme"> = {
  key: "scheme",
  names: (schemes) => schemes,
  of: (name) => {
    if (name === "add") return { says: () => t`Added up: exact 5, winner 2, difference 1, each team 1` };
    const points = BEST[name];
    return points && { says: () => Object.values(points).join(" / "), scoring: { kind: "best", ...points } };
  },
};
