import { Plural, Trans } from "@lingui/react/macro";

import { Card, Section } from "../../design/Card";
import { Long } from "../../design/Long";
import { Disc, personOf } from "../../design/people";
import { TipChip } from "../../design/TipChip";
import { Tier } from "../../design/Tier";
import { SealOrScore } from "../../identity/drafts/OwnSeal";
import type { OwnSeals } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { inOrder, near } from "../../node/tips";
import { Link } from "../../route";
import { Modifiers } from "../../rulebook/Sentences";
import { AfterKickOff } from "../../words/Moved";
import styles from "./Rows.module.css";

type Bet = Shapes["BetBody"];

/** So high is a row, in pixels. */
export const ROW_PX = 52;

function Chips({ bet }: { bet: Bet }) {
  if (bet.stake === 0) return null;
  if (bet.payout == null) return <Plural value={bet.stake} one="# chip" other="# chips" />;
  return (
    <>
      {bet.stake} → <strong data-won={bet.payout > bet.stake || undefined}>{bet.payout}</strong>
    </>
  );
}

interface RowProps {
  bet: Bet;
  match: Shapes["MatchBody"];
  mine: boolean;
  seals: OwnSeals | undefined;
}

function Row({ bet, match, mine, seals }: RowProps) {
  const person = personOf(bet.player);
  return (
    <div
      role="listitem"
      className={styles.row}
      data-tip
      data-counted={bet.points != null || undefined}
      data-mine={mine || undefined}
    >
      <Disc person={person} />
      <span className={styles.who}>
        <Link to="/player/:name" params={{ name: person.name }} className={styles.name}>
          {person.name}
        </Link>
        <span className={styles.more}>
          {bet.missed === true && <Trans>not revealed in time</Trans>}
          <Chips bet={bet} />
          <AfterKickOff bet={bet} />
          <Modifiers says={bet.modifiers} />
        </span>
      </span>
      <Tier bet={bet} />
      <TipChip is={near(bet)} joy={mine ? `${bet.transaction} ${bet.points}` : undefined}>
        <SealOrScore bet={bet} match={match} own={mine ? seals : undefined} />
      </TipChip>
      {bet.points != null && (
        <span className={styles.gain} data-some={bet.points > 0 || undefined}>
          {bet.points > 0 ? `+${bet.points}` : 0}
        </span>
      )}
    </div>
  );
}

function Pot({ match, bets }: { match: Shapes["MatchBody"]; bets: Bet[] }) {
  const staked = bets.reduce((sum, bet) => sum + bet.stake, 0);
  const paid = bets.reduce((sum, bet) => sum + (bet.payout ?? 0), 0);
  if (staked === 0) return null;
  return match.pot > 0 || paid === 0 ? (
    <Plural value={staked} one="# chip in the pot" other="# chips in the pot" />
  ) : (
    <Plural value={paid} one="the pot paid # chip" other="the pot paid # chips" />
  );
}

interface Props {
  match: Shapes["MatchBody"];
  bets: Bet[];
  /** How many play. */
  players: number;
  own: string | undefined;
  /** What this device's player has hidden from the others. */
  seals?: OwnSeals;
}

/** Everyone's tip: by points once there are some, before that by who is to win. */
export function Tips({ match, bets, players, own, seals }: Props) {
  const rows = inOrder(bets);
  const tipped = bets.length;
  const pot = <Pot match={match} bets={bets} />;
  return (
    <Section
      title={<Trans>Everyone’s tips</Trans>}
      aside={
        <>
          <Plural value={tipped} one={`# of ${players} tipped`} other={`# of ${players} tipped`} /> {pot}
        </>
      }
    >
      {rows.length === 0 ? (
        <p className={styles.none}>
          <Trans>Nobody tipped this match.</Trans>
        </p>
      ) : (
        <Card>
          <Long
            count={rows.length}
            height={ROW_PX}
            keyOf={(index) => rows[index]?.player.account ?? String(index)}
            row={(index) => {
              const bet = rows[index];
              return bet && <Row bet={bet} match={match} mine={bet.player.account === own} seals={seals} />;
            }}
          />
        </Card>
      )}
    </Section>
  );
}
