import { plural } from "@lingui/core/macro";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { Receipt } from "../../checking/Receipt";
import { useProven } from "../../checking/state";
import { Card } from "../../design/Card";
import { Empty } from "../../design/Empty";
import { ReceiptIcon } from "../../design/icons";
import type { Person } from "../../design/people";
import { ShareButton, TipsPicture, type RevealedTip } from "../../design/share";
import { Sheet } from "../../design/Sheet";
import { State, stateOf } from "../../design/State";
import { matchName } from "../../design/teams";
import { TipChip } from "../../design/TipChip";
import { Tier } from "../../design/Tier";
import { SealOrScore } from "../../identity/drafts/OwnSeal";
import type { OwnSeals } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { useMatches, useRounds } from "../../node/queries";
import { near } from "../../node/tips";
import { Link } from "../../route";
import { Modifiers } from "../../rulebook/Sentences";
import { AfterKickOff } from "../../words/Moved";
import { roundName } from "../../words/rounds";
import styles from "./Bets.module.css";

type Bet = Shapes["BetBody"];

function Given({ bet }: { bet: Bet }) {
  const proven = useProven();
  if (bet.missed === true) return <Trans>not opened in time</Trans>;
  if (bet.points == null) return <State is={stateOf(bet.state, bet.height, proven)} sealed={bet.sealed} />;
  return (
    <span className={styles.tier}>
      <Tier bet={bet} />
    </span>
  );
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
  const title = match === undefined ? bet.match.code : matchName(match);
  return (
    <li className={styles.bet}>
      <TipChip is={near(bet)}>
        <SealOrScore bet={bet} match={match} own={own} />
      </TipChip>
      <span className={styles.what}>
        <Link to="/match/:code" params={{ code: bet.match.code }}>
          {title}
        </Link>
        <span className={styles.small}>
          {score != null && (
            <strong>
              {score.home}:{score.away}
            </strong>
          )}
          <Given bet={bet} />
          <Modifiers says={bet.modifiers} />
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
      <span className={styles.points} data-won={(bet.points ?? 0) > 0 || undefined}>
        {(bet.points ?? 0) > 0 ? `+${bet.points}` : bet.points}
      </span>
      <button type="button" className={styles.receipt} aria-label={t`Receipt of ${title}`} onClick={keep}>
        <ReceiptIcon size={20} />
      </button>
    </li>
  );
}

interface RoundProps {
  stage: string;
  bets: Bet[];
  matches: ReadonlyMap<number, Shapes["MatchBody"]>;
  person: Person;
}

/** Gives away a picture of one's own tips of a round, as far as their matches have begun. */
function ShareRound({ stage, bets, matches, person }: RoundProps) {
  const { t } = useLingui();
  const tips = bets.flatMap((bet): RevealedTip[] => {
    const match = matches.get(bet.match.no);
    if (match === undefined || match.status === "scheduled" || bet.score == null) return [];
    return [{ match, tip: bet.score, near: near(bet), points: bet.points }];
  });
  if (tips.length === 0) return null;
  const round = roundName(stage);
  const points = tips.reduce((sum, tip) => sum + (tip.points ?? 0), 0);
  const sum = plural(points, { one: "# point", other: "# points" });
  const said = tips.map(({ match, tip }) => `${matchName(match)} ${tip.home}:${tip.away}`).join(", ");
  return (
    <ShareButton
      label={t`Share your tips of ${round}`}
      name="bolao-tips"
      text={`${person.name}, ${round} (${sum}): ${said}`}
      picture={() => <TipsPicture person={person} over={`${round} · ${sum}`} tips={tips} />}
    />
  );
}

interface Props {
  bets: Bet[];
  own: OwnSeals | undefined;
  /** Whose tips may be shared from here: this device's player's. */
  person: Person | undefined;
}

/** A player's tips, the last round first, each with what it gave and its receipt. */
export function Bets({ bets, own, person }: Props) {
  const { data: rounds = [] } = useRounds();
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
    <div className={styles.rounds}>
      {shown.map(({ stage, bets: inRound }) => (
        <section key={stage}>
          <div className={styles.round}>
            <h3>{roundName(stage)}</h3>
            {inRound.some((bet) => bet.points != null) && (
              <b className={styles.sum}>{inRound.reduce((sum, bet) => sum + (bet.points ?? 0), 0)}</b>
            )}
            {person !== undefined && <ShareRound stage={stage} bets={inRound} matches={matches} person={person} />}
          </div>
          <Card>
            <ul>
              {inRound.map((bet) => (
                <Row
                  key={bet.match.no}
                  bet={bet}
                  match={matches.get(bet.match.no)}
                  own={own}
                  keep={() => setKept(bet)}
                />
              ))}
            </ul>
          </Card>
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
    </div>
  );
}
