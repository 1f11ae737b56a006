import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { count, object, type Shape } from "../../node/shape";
import { distinct, type Figure, LABELS } from "./Figures";
import styles from "./Lines.module.css";

interface Won {
  exact: number;
  difference: number;
  tendency: number;
}

/** What a tip wins by which team wins; a draw has no difference of its own. */
export interface ByWinner {
  home: Won;
  draw: Omit<Won, "difference">;
  away: Won;
}

const WON = object({ exact: count, difference: count, tendency: count });

export const isByWinner: Shape = object({ home: WON, draw: object({ exact: count, tendency: count }), away: WON });

/** The figures of all, if it does not matter who wins. */
export function figuresOfAll({ home, draw, away }: ByWinner): Figure[] | undefined {
  const { exact, difference, tendency } = home;
  const isAway = away.exact === exact && away.difference === difference && away.tendency === tendency;
  const isDraw = draw.exact === exact && [difference, tendency].includes(draw.tendency);
  if (!isAway || !isDraw) return undefined;
  return distinct([
    [exact, LABELS.exact],
    [difference, LABELS.difference],
    [tendency, LABELS.tendency],
  ]);
}

interface RowProps {
  of: Partial<Won>;
  sign: string;
  children: ReactNode;
}

const Row = ({ of: { exact, difference, tendency }, sign, children }: RowProps) => (
  <tr>
    <th scope="row">{children}</th>
    {[exact, difference, tendency].map((points, at) => (
      <td key={at}>{points === undefined ? "–" : `${points === 0 ? "" : sign}${points}`}</td>
    ))}
  </tr>
);

/** A row for each team that may win, and for a draw. */
export const Lines = ({ of: { home, draw, away }, sign = "" }: { of: ByWinner; sign?: string }) => (
  <table className={styles.lines}>
    <thead>
      <tr>
        <td />
        <th scope="col">{LABELS.exact}</th>
        <th scope="col">{LABELS.difference}</th>
        <th scope="col">{LABELS.tendency}</th>
      </tr>
    </thead>
    <tbody>
      <Row of={home} sign={sign}>
        <Trans>First team wins</Trans>
      </Row>
      <Row of={draw} sign={sign}>
        <Trans>Draw</Trans>
      </Row>
      <Row of={away} sign={sign}>
        <Trans>Second team wins</Trans>
      </Row>
    </tbody>
  </table>
);
