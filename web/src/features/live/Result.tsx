import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { teamName } from "../../design/teams";
import { BetChip } from "../../design/TipChip";
import type { Shapes } from "../../node/client";
import { Link } from "../../route";
import { MatchLink } from "../../sentences/ActionText";
import { Names } from "../../words/Names";
import type { Item } from "./feed";
import styles from "./Live.module.css";

type Of = Extract<Item, { is: "result" }>;
type Bet = Shapes["BetBody"];

/** What became of a match that has no score. */
function Without({ match, status }: { match: ReactNode; status: string }) {
  switch (status) {
    case "postponed":
      return <Trans>{match} is postponed</Trans>;
    case "cancelled":
      return <Trans>{match} is cancelled</Trans>;
    case "abandoned":
      return <Trans>{match} was abandoned</Trans>;
    default:
      return <Trans>{match} was awarded administratively</Trans>;
  }
}

/** Who had it, of the tips that were counted. */
function Hits({ bets, draw }: { bets: readonly Bet[]; draw: boolean }) {
  const counted = bets.filter(({ tier }) => tier != null);
  const exact = counted.filter(({ tier }) => tier === "exact");
  const right = counted.filter(({ tier }) => tier === "difference" || tier === "tendency").length;
  const players = exact.map(({ player }) => player);
  const all = counted.length;
  if (all === 0) return null;
  return (
    <small>
      {exact.length > 0 ? (
        <Trans>
          Exactly right: <Names players={players} />
        </Trans>
      ) : draw ? (
        <Plural value={right} one={`# of ${all} had the draw`} other={`# of ${all} had the draw`} />
      ) : (
        <Plural value={right} one={`# of ${all} had the right winner`} other={`# of ${all} had the right winner`} />
      )}
    </small>
  );
}

/** One's own tip in the colour of what it gave. */
export function OwnTip({ bet }: { bet: Bet | undefined }) {
  if (bet?.score == null || bet.points == null) return null;
  return <BetChip bet={bet} joy={`${bet.transaction} ${bet.points}`} />;
}

/** What organisers recorded of a match: what stands, or what stood before. `bets`: absent while they are not read. */
export function Result({ of: { match, record, folds = 0 }, bets }: { of: Of; bets: readonly Bet[] | undefined }) {
  const { score, outcome, corrects, corrected } = record;
  const [home, away] = [teamName(match.home), teamName(match.away)];
  const goals = score == null ? "" : `${score.home}:${score.away}`;
  const why = score == null || corrects ? outcome.reason : undefined;
  return (
    <>
      {score == null ? (
        <Without match={<MatchLink match={match} />} status={outcome.status} />
      ) : (
        <Link to="/match/:code" params={{ code: match.code }}>
          {home} <strong className={styles.score}>{corrected ? <s>{goals}</s> : goals}</strong> {away}
        </Link>
      )}
      {score != null && corrects && (
        <small>
          {folds > 0 ? (
            <Link to="/match/:code" params={{ code: match.code }}>
              <Plural value={folds + 1} one="Corrected # time" other="Corrected # times" />
            </Link>
          ) : (
            <Trans>Corrected</Trans>
          )}
        </small>
      )}
      {why != null && (
        <small>
          <q>{why}</q>
        </small>
      )}
      {corrected ? (
        <small>
          <Trans>Corrected later</Trans>
        </small>
      ) : bets === undefined ? (
        <small>{"\u00a0"}</small>
      ) : (
        <Hits bets={bets} draw={score?.home === score?.away} />
      )}
    </>
  );
}
