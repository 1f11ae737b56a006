import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { rounds as askedRounds } from "../../checking/questions";
import { Receipt } from "../../checking/Receipt";
import { useProven } from "../../checking/state";
import { useAsked } from "../../checking/useAsked";
import { Button } from "../../design/Button";
import { Empty } from "../../design/Empty";
import { ReceiptIcon } from "../../design/icons";
import { Sheet } from "../../design/Sheet";
import { State, stateOf } from "../../design/State";
import { teamName } from "../../design/teams";
import { Tier } from "../../design/Tier";
import { SealOrScore } from "../../identity/drafts/OwnSeal";
import type { OwnSeals } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { useMatches, useRounds } from "../../node/queries";
import { AfterKickOff } from "../../words/Moved";
import { roundName } from "../../words/rounds";
import styles from "./Player.module.css";

type Bet = Shapes["BetBody"];

function Given({ bet }: { bet: Bet }) {
  const proven = useProven();
  if (bet.missed === true) return <Trans>not opened in time</Trans>;
  if (bet.points == null) return <State is={stateOf(bet.state, bet.height, proven)} sealed={bet.sealed} />;
  return <Tier bet={bet} />;
}

interface RowProps {
  bet: Bet;
  match: Shapes["MatchBody"] | undefined;
  own: OwnSeals | undefined;
  keep: () => void;
}

function Row({ bet, match, own, keep }: RowProps) {
  const { t } = useLingui();
  const score = match?.record?.score;
  const title = match === undefined ? bet.match.code : `${teamName(match.home)} – ${teamName(match.away)}`;
  return (
    <li className={styles.bet}>
      <span className={styles.what}>
        <Link to="/match/$code" params={{ code: bet.match.code }}>
          {title}
        </Link>
        <span className={styles.small}>
          {score != null && (
            <strong>
              {score.home}:{score.away}
            </strong>
          )}
          <Given bet={bet} />
          {bet.stake > 0 &&
            (bet.payout == null ? (
              <Plural value={bet.stake} one="# chip" other="# chips" />
            ) : (
              <span>
                {bet.stake} → {bet.payout}
              </span>
            ))}
          <span className={styles.after}>
            <AfterKickOff bet={bet} />
          </span>
        </span>
      </span>
      <span className={styles.said}>
        <SealOrScore bet={bet} own={own} />
      </span>
      <span className={styles.points}>{bet.points != null && `${bet.points}${bet.provisional ? "*" : ""}`}</span>
      <Button look="quiet" aria-label={t`Receipt of ${title}`} onPress={keep}>
        <ReceiptIcon size={20} />
      </Button>
    </li>
  );
}

/** A player's tips, the last round first, each with what it gave and its receipt. `own`: of whoever plays here. */
export function Bets({ bets, own }: { bets: Bet[]; own: OwnSeals | undefined }) {
  const { data: rounds = [] } = useRounds();
  useAsked("rounds", askedRounds.read);
  const matches = new Map(useMatches().data?.map((match) => [match.no, match]));
  const [kept, setKept] = useState<Bet>();
  const byMatch = new Map(bets.map((bet) => [bet.match.no, bet]));
  const shown = [...rounds]
    .reverse()
    .map(({ stage, matches: refs }) => ({
      stage,
      bets: refs.map(({ no }) => byMatch.get(no)).filter((bet) => bet !== undefined),
    }))
    .filter((round) => round.bets.length > 0);
  if (bets.length === 0) {
    return <Empty title={<Trans>No tips yet</Trans>} />;
  }
  return (
    <section className={styles.part}>
      {shown.map(({ stage, bets: inRound }) => (
        <section key={stage}>
          <h2 className={styles.round}>
            {roundName(stage)}
            <span className={styles.points}>
              {inRound.some((bet) => bet.points != null) && inRound.reduce((sum, bet) => sum + (bet.points ?? 0), 0)}
            </span>
          </h2>
          <ul>
            {inRound.map((bet) => (
              <Row key={bet.match.no} bet={bet} match={matches.get(bet.match.no)} own={own} keep={() => setKept(bet)} />
            ))}
          </ul>
        </section>
      ))}
      <Sheet title={<Trans>Receipt</Trans>} open={kept !== undefined} close={() => setKept(undefined)}>
        {kept !== undefined && (
          <Receipt
            transaction={kept.transaction}
            account={kept.player.account}
            state={kept.state}
            name={kept.match.code}
          />
        )}
      </Sheet>
    </section>
  );
}
