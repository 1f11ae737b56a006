import { Trans, useLingui } from "@lingui/react/macro";

import type { Shapes } from "../../node/client";
import { byKickoff } from "../../node/kickoffs";
import { useMatches } from "../../node/queries";
import { near, type Near } from "../../node/tips";
import styles from "./Player.module.css";

const LAST = 5;

/** How near the last tips came, the newest one last. */
export function Form({ bets }: { bets: readonly Shapes["BetBody"][] }) {
  const { t } = useLingui();
  const matches = useMatches().data ?? [];
  const tips = new Map(bets.map((bet) => [bet.match.no, bet]));
  const last = [...matches].sort(byKickoff).flatMap(({ no }) => {
    const bet = tips.get(no);
    const is = near(bet);
    return is === undefined ? [] : [{ no, is, points: bet?.points }];
  });
  const words: Record<Near, string> = { exact: t`exact`, points: t`with points`, none: t`without points` };
  if (last.length === 0) return null;
  return (
    <div className={styles.fact}>
      <Trans>Last tips</Trans>
      <span className={styles.form}>
        {last.slice(-LAST).map(({ no, is, points }) => (
          <span key={no} data-near={is} role="img" aria-label={words[is]}>
            {points}
          </span>
        ))}
      </span>
    </div>
  );
}
