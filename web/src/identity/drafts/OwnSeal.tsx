import { Trans, useLingui } from "@lingui/react/macro";

import { FoldIcon } from "../../design/icons";
import type { Shapes } from "../../node/client";
import { ofMatch } from "../tippable";
import styles from "./OwnSeal.module.css";
import { isSealed, type OwnSeals } from "./ownTips";

interface Props {
  bet: Shapes["BetBody"];
  match: Shapes["MatchBody"] | undefined;
  own: OwnSeals | undefined;
}

/** The score of a tip, or the fold of a sealed one; of one's own what is under it, which nobody else sees. */
export function SealOrScore({ bet, match, own }: Props) {
  const { t } = useLingui();
  if (bet.score != null) return `${bet.score.home}:${bet.score.away}`;
  const mine = own !== undefined && isSealed(bet) ? own : undefined;
  const score = mine?.scoreOf(bet.commitment) ?? null;
  if (score !== null)
    return (
      <span className={styles.own}>
        {match === undefined ? `${score.home}:${score.away}` : ofMatch(match).says(score, ":")}
        <small>
          <Trans>only you</Trans>
        </small>
      </span>
    );
  if (mine?.locked === true)
    return (
      <button type="button" className={styles.fold} onClick={mine.lift} aria-label={t`Hidden: unlock to see your tip`}>
        <FoldIcon size={20} />
      </button>
    );
  return (
    <span role="img" aria-label={bet.missed === true ? t`Never revealed` : t`Hidden`}>
      <FoldIcon size={20} />
    </span>
  );
}
