import { Trans, useLingui } from "@lingui/react/macro";
import type { CSSProperties, ReactNode } from "react";

import type { Shapes } from "../../node/client";
import styles from "./Compared.module.css";
import { pointsATip, rightWinners } from "./duel";

type Page = Pick<Shapes["PlayerPage"], "standing" | "chips" | "name">;

interface Props {
  mine: Page;
  theirs: Page;
  /** Whether chips are played for. */
  chips?: boolean;
  /** My colour and the other one's. */
  colours: readonly [mine: string, theirs: string];
}

interface LineProps {
  says: ReactNode;
  values: readonly [mine: number | undefined, theirs: number | undefined];
  colours: Props["colours"];
  write: (value: number) => string;
}

function Line({ says, values, colours, write }: LineProps) {
  const most = Math.max(...values.map((value) => value ?? 0));
  const level = values[0] === values[1];
  const cells = values.map((value, side) => (
    <td
      key={side}
      data-more={(!level && value === most) || undefined}
      style={{ "--colour": colours[side] } as CSSProperties}
    >
      <b>{value === undefined ? "–" : write(value)}</b>
    </td>
  ));
  return (
    <tr>
      {cells[0]}
      <th scope="row">{says}</th>
      {cells[1]}
    </tr>
  );
}

/** What two players' points are made of; the higher figure is in its player's colour. */
export function Compared({ mine, theirs, chips = false, colours }: Props) {
  const { i18n } = useLingui();
  const whole = (value: number): string => i18n.number(value);
  const rate = (value: number): string => i18n.number(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const both = { colours, write: whole };
  const [own, other] = [mine.standing, theirs.standing];
  return (
    <table className={styles.table}>
      <thead className={styles.heads}>
        <tr>
          <th scope="col">
            <Trans>You</Trans>
          </th>
          <td />
          <th scope="col">{theirs.name}</th>
        </tr>
      </thead>
      <tbody>
        <Line {...both} says={<Trans>Exact scores</Trans>} values={[own.exact, other.exact]} />
        <Line {...both} says={<Trans>Right winners</Trans>} values={[rightWinners(own), rightWinners(other)]} />
        <Line
          {...both}
          write={rate}
          says={<Trans>Points per tip</Trans>}
          values={[pointsATip(own), pointsATip(other)]}
        />
        {chips && <Line {...both} says={<Trans>Chips</Trans>} values={[mine.chips, theirs.chips]} />}
      </tbody>
    </table>
  );
}
