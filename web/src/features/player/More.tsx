import { Plural, Trans } from "@lingui/react/macro";

import { SlipCheck } from "../../checking/SlipCheck";
import type { OwnSeals } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { Bets } from "./Bets";
import { Colours } from "./Colours";
import { Courses } from "./Courses";
import { Fold } from "./Fold";
import styles from "./Player.module.css";

interface Props {
  page: Shapes["PlayerPage"];
  bets: Shapes["BetBody"][];
  own: OwnSeals | undefined;
  /** Whether it is this device's player. */
  mine?: boolean;
  /** Whether the tips are asked for rather than read. */
  folded?: boolean;
}

/** All of a player's tips, how the points came, receipts, the colour. */
export function More({ page, bets, own, mine = false, folded = false }: Props) {
  const { name } = page;
  const { missing } = page.standing;
  const tips = <Bets bets={bets} own={own} person={mine ? page : undefined} />;
  return (
    <div className={styles.more}>
      {folded ? (
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
          {tips}
        </Fold>
      ) : (
        tips
      )}
      <Fold title={<Trans>Points by round</Trans>}>
        <Courses player={page.account} bets={bets} />
      </Fold>
      <Fold title={<Trans>Receipts</Trans>}>
        <p className={styles.soft}>
          <Trans>
            A receipt proves that a tip was in a block in time, without this page and without the pool’s computer. Save
            one beside each tip, or check one here.
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
