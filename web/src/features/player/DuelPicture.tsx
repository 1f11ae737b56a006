import { Plural, Trans } from "@lingui/react/macro";

import { Picture } from "../../design/share";
import type { Shapes } from "../../node/client";
import { usePool } from "../../node/queries";
import { Bars } from "./Bars";
import { Compared } from "./Compared";
import type { leads } from "./duel";
import styles from "./DuelPicture.module.css";
import { Side } from "./Head";
import head from "./Head.module.css";

interface Props {
  pages: readonly [Shapes["PlayerPage"], Shapes["PlayerPage"]];
  colours: readonly [string, string];
  leads: ReturnType<typeof leads>;
  /** Who leads by how much. */
  says: string;
}

/** Two players beside each other, to be sent to friends. */
export function DuelPicture({ pages, colours, leads, says }: Props) {
  const pool = usePool();
  const [mine, theirs] = pages;
  return (
    <Picture over={<Plural value={leads.length} one="After # match" other="After # matches" />} title={pool.name}>
      <div className={styles.duel}>
        <div className={head.sides}>
          <Side person={mine} name={mine.name} points={mine.standing.points} />
          <span className={head.versus}>
            <Trans>vs</Trans>
          </span>
          <Side person={theirs} name={theirs.name} points={theirs.standing.points} />
        </div>
        <p className={head.says}>{says}</p>
        <div className={styles.figures}>
          <Compared mine={mine} theirs={theirs} colours={colours} />
        </div>
        {leads.length > 0 && <Bars leads={leads} colours={colours} />}
      </div>
    </Picture>
  );
}
