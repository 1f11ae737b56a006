import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { useProven } from "../../checking/state";
import { Empty } from "../../design/Empty";
import { Long } from "../../design/Long";
import { stateOf, State } from "../../design/State";
import { Star } from "../../design/Star";
import { Tier } from "../../design/Tier";
import { SealOrScore } from "../../identity/drafts/OwnSeal";
import type { OwnSeals } from "../../identity/drafts/ownTips";
import { isOpen } from "../../identity/sending/sendTips";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { AfterKickOff } from "../../words/Moved";
import { inOrder } from "./lean";
import styles from "./Match.module.css";

type Bet = Shapes["BetBody"];

function Given({ bet }: { bet: Bet }) {
  const proven = useProven();
  if (bet.missed === true) {
    return (
      <span className={styles.none}>
        <Trans>not opened in time</Trans>
      </span>
    );
  }
  if (bet.points == null) return <State is={stateOf(bet.state, bet.height, proven)} sealed={bet.sealed} />;
  return (
    <>
      <Tier bet={bet} />
      <span className={styles.points}>
        {bet.points}
        {bet.provisional && "*"}
      </span>
    </>
  );
}

function Chips({ bet }: { bet: Bet }) {
  if (bet.stake === 0) return null;
  return (
    <span className={styles.chips}>
      {bet.payout == null ? (
        <Plural value={bet.stake} one="# chip" other="# chips" />
      ) : (
        <>
          {bet.stake} → <strong data-won={bet.payout > bet.stake || undefined}>{bet.payout}</strong>
        </>
      )}
    </span>
  );
}

function None({ match }: { match: Shapes["MatchBody"] }) {
  const open = isOpen(match, useNow());
  return (
    <Empty title={<Trans>No tips yet</Trans>}>
      {open ? (
        <Link to="/">
          <Trans>Be the first</Trans>
        </Link>
      ) : (
        <Trans>Nobody tipped this match.</Trans>
      )}
    </Empty>
  );
}

interface Props {
  match: Shapes["MatchBody"];
  bets: Bet[];
  own: string | undefined;
  /** What is under the seals of whoever plays here. */
  seals?: OwnSeals;
}

/** Everyone's tip, the best first. */
export function Tips({ match, bets, own, seals }: Props) {
  const rows = inOrder(bets);
  if (rows.length === 0) return <None match={match} />;
  return (
    <>
      <Long
        count={rows.length}
        height={56}
        keyOf={(index) => rows[index]?.player.account ?? String(index)}
        row={(index) => {
          const bet = rows[index];
          if (bet === undefined) return null;
          const name = bet.player.name ?? bet.player.account;
          return (
            <div role="listitem" className={styles.tip} data-mine={bet.player.account === own || undefined}>
              <span className={styles.who}>
                <Link to="/player/$name" params={{ name }}>
                  {name}
                </Link>
                <Chips bet={bet} />
                <span className={styles.after}>
                  <AfterKickOff bet={bet} />
                </span>
              </span>
              <span className={styles.given}>
                <Given bet={bet} />
              </span>
              <span className={styles.said}>
                <SealOrScore bet={bet} own={bet.player.account === own ? seals : undefined} />
              </span>
            </div>
          );
        }}
      />
      {rows.some(({ points, provisional }) => points != null && provisional) && <Star />}
    </>
  );
}
