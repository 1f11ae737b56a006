import { Trans } from "@lingui/react/macro";

import { count, object } from "../../node/shape";
import { Figures, LABELS } from "./Figures";
import type { Kind } from "./kind";
import { type ByWinner, figuresOfAll, isByWinner, Lines } from "./Lines";
import styles from "./Lines.module.css";

interface Quota {
  least: number;
  most: number;
  lines: ByWinner;
}

const isQuota = object({ least: count, most: count, lines: isByWinner });

/** The more, the fewer have it, and what is added for how near it is. */
export const QUOTA: Kind = {
  shape: (it) => isQuota(it) && (it as Quota).least <= (it as Quota).most,
  draw: ({ least, most, lines }: Quota) => {
    const range = least === most ? most : `${least}–${most}`;
    const more = figuresOfAll(lines);
    const added = more?.flatMap(([points, label]) => (points === 0 ? [] : [[`+${points}`, label] as const]));
    return (
      <div className={styles.quota}>
        <Figures of={[[range, LABELS.tendency], ...(added ?? [])]} />
        {more === undefined && <Lines of={lines} sign="+" />}
        {least < most && (
          <p>
            <Trans>The fewer have the right winner or draw, the more it gives.</Trans>
          </p>
        )}
      </div>
    );
  },
};
