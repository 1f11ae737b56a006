import { Plural, Trans } from "@lingui/react/macro";

import { SlipCheck } from "../../checking/SlipCheck";
import type { Shapes } from "../../node/client";
import { Bets } from "./Bets";
import { Colours } from "./Colours";
import { Courses } from "./Courses";
import { Fold } from "./Fold";
import styles from "./Player.module.css";

interface Props {
  page: Shapes["PlayerPage"];
  bets: Shapes["BetBody"][];
  /** Whether the tips are among it. */
  tips?: boolean;
}

/** What fewer ask of a player: how the points came, receipts, the colour. */
export function More({ page, bets, tips = false }: Props) {
  const { name } = page;
  const { missing } = page.standing;
  return (
    <div className={styles.more}>
      {tips && (
        <Fold
          title={<Trans>All tips of {name}</Trans>}
          aside={
            <>
              <Plural value={bets.length} one="# tip" other="# tips" />
              {missing > 0 && (
                <>
                  {" · "}
                  <Plural value={missing} one="# missed" other="# missed" />
                </>
              )}
            </>
          }
        >
          <Bets bets={bets} own={undefined} person={undefined} />
        </Fold>
      )}
      <Fold title={<Trans>Points over time</Trans>}>
        <Courses player={page.account} bets={bets} />
      </Fold>
      <Fold title={<Trans>Receipts</Trans>}>
        <p className={styles.soft}>
          <Trans>
            A receipt proves to anyone with a copy of the pool that a tip was in a block in time, even if the pool’s
            computer is gone. Save one beside each tip, or check one here.
          </Trans>
        </p>
        <SlipCheck />
      </Fold>
      <div className={styles.colour}>
        <Colours person={page} />
      </div>
    </div>
  );
}
