import { Trans, useLingui } from "@lingui/react/macro";

import { near, type Near } from "../../design/near";
import type { Shapes } from "../../node/client";
import { useMatches } from "../../node/queries";
import styles from "./Player.module.css";

const LAST = 5;

/** How near the last tips came, the newest one last. */
export function Form({ bets }: { bets: readonly Shapes["BetBody"][] }) {
  const { t } = useLingui();
  const matches = useMatches().data ?? [];
  const kickoffs = new Map(matches.map(({ no, kickoff }) => [no, kickoff ?? ""]));
  const last = bets
    .flatMap((bet) => ({ no: bet.match.no, is: near(bet), points: bet.points }))
    .filter(({ is }) => is !== undefined)
    .sort((a, b) => (kickoffs.get(a.no) ?? "").localeCompare(kickoffs.get(b.no) ?? "") || a.no - b.no)
    .slice(-LAST);
  const words: Record<Near, string> = { exact: t`exact`, scored: t`with points`, none: t`without points` };
  if (last.length === 0) return null;
  return (
    <div className={styles.fact}>
      <Trans>Last tips</Trans>
      <span className={styles.form}>
        {last.map(({ no, is, points }) => (
          <span key={no} data-near={is} role="img" aria-label={is && words[is]}>
            {points}
          </span>
        ))}
      </span>
    </div>
  );
}
