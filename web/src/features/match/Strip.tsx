import { Plural, useLingui } from "@lingui/react/macro";

import { teamName } from "../../design/teams";
import type { Shapes } from "../../node/client";
import { lean } from "./lean";
import styles from "./Match.module.css";

interface Props {
  match: Shapes["MatchBody"];
  bets: Shapes["BetBody"][];
  players: number;
}

/** Who the group thinks will win, as a strip; who has tipped, while that is sealed; and the pot. */
export function Strip({ match, bets, players }: Props) {
  const { t } = useLingui();
  const { home, draw, away, sealed, missed } = lean(bets);
  const readable = home + draw + away;
  const staked = bets.reduce((sum, bet) => sum + bet.stake, 0);
  const paid = bets.reduce((sum, bet) => sum + (bet.payout ?? 0), 0);
  const parts = [
    { key: "home", count: home, says: teamName(match.home) },
    { key: "draw", count: draw, says: t`draw` },
    { key: "away", count: away, says: teamName(match.away) },
  ];
  const tipped = bets.length;
  return (
    <>
      <p className={styles.counts}>
        <Plural value={tipped} one={`# of ${players} has tipped`} other={`# of ${players} have tipped`} />
        {sealed > 0 && (
          <>
            {" · "}
            <Plural value={sealed} one="# is sealed" other="# are sealed" />
          </>
        )}
        {missed > 0 && (
          <>
            {" · "}
            <Plural value={missed} one="# was never opened" other="# were never opened" />
          </>
        )}
        {staked > 0 && (
          <>
            {" · "}
            {match.pot > 0 || paid === 0 ? (
              <Plural value={staked} one="# chip in the pot" other="# chips in the pot" />
            ) : (
              <Plural value={paid} one="the pot paid # chip" other="the pot paid # chips" />
            )}
          </>
        )}
      </p>
      {readable > 0 && (
        <div className={styles.strip}>
          {parts.map(
            ({ key, count, says }) =>
              count > 0 && (
                <div key={key} className={styles.part} data-part={key} style={{ flexGrow: count }}>
                  <strong>{count}</strong>
                  <span>{says}</span>
                </div>
              ),
          )}
        </div>
      )}
    </>
  );
}
