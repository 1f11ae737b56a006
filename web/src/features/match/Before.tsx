import { Plural, Trans, useLingui } from "@lingui/react/macro";

import { buttonClass } from "../../design/Button";
import { Card, Section } from "../../design/Card";
import { FoldIcon } from "../../design/icons";
import { Disc, personOf } from "../../design/people";
import { State } from "../../design/State";
import { TipChip } from "../../design/TipChip";
import type { OwnTip } from "../../identity/drafts/ownTips";
import { ofMatch } from "../../identity/tippable";
import type { Shapes } from "../../node/client";
import { Link } from "../../route";
import styles from "./Before.module.css";

interface MineProps {
  match: Shapes["MatchBody"];
  tip: OwnTip | undefined;
  /** Whether it can be changed. */
  open: boolean;
  locked: boolean;
  lift: () => void;
}

/** This device's player's own tip, and the way to change it. */
export function Mine({ match, tip, open, locked, lift }: MineProps) {
  const { t } = useLingui();
  if (tip === undefined)
    return open ? (
      <Card className={styles.mine}>
        <p className={styles.says}>
          <Trans>You haven’t tipped this match yet.</Trans>
        </p>
        <Link to="/" className={buttonClass("main")}>
          <Trans>Tip now</Trans>
        </Link>
      </Card>
    ) : null;
  const score = tip.score === null ? null : ofMatch(match).says(tip.score, ":");
  return (
    <Card className={styles.mine}>
      <div className={styles.says}>
        <strong>
          <Trans>Your tip</Trans>
        </strong>
        <State is={tip.state} />
      </div>
      {score === null && locked ? (
        <button type="button" className={styles.lift} onClick={lift} aria-label={t`Hidden: unlock to see your tip`}>
          <FoldIcon size={20} />
        </button>
      ) : (
        <span className={styles.tip}>
          <TipChip is="mine">{score ?? <FoldIcon size={20} />}</TipChip>
          {tip.sealed && score !== null && (
            <small>
              <Trans>only you</Trans>
            </small>
          )}
        </span>
      )}
      {open && (
        <Link to="/" className={styles.change}>
          <Trans>Change</Trans>
        </Link>
      )}
    </Card>
  );
}

/** Who has tipped, of whose tips nothing can be seen. */
export function Tipped({ bets, players }: { bets: readonly Shapes["BetBody"][]; players: number }) {
  const tipped = bets.length;
  return (
    <Section
      title={<Trans>Who has tipped</Trans>}
      aside={<Plural value={tipped} one={`# of ${players}`} other={`# of ${players}`} />}
    >
      <Card className={styles.tipped}>
        {tipped === 0 ? (
          <p className={styles.hidden}>
            <Trans>Nobody yet. Be the first!</Trans>
          </p>
        ) : (
          <>
            <ul className={styles.people}>
              {bets.map(({ player }) => {
                const person = personOf(player);
                return (
                  <li key={person.account}>
                    <Link to="/player/:name" params={{ name: person.name }} className={styles.person}>
                      <Disc person={person} size={40} />
                      <span>{person.name}</span>
                    </Link>
                  </li>
                );
              })}
            </ul>
            <p className={styles.hidden}>
              <FoldIcon size={16} />
              <Trans>Hidden until kick-off</Trans>
            </p>
          </>
        )}
      </Card>
    </Section>
  );
}
