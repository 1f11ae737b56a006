import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Card } from "../../design/Card";
import { FoldIcon } from "../../design/icons";
import { Score } from "../../design/Score";
import silent from "../../design/Silent.module.css";
import { Badge, matchName, teamName } from "../../design/teams";
import { TipChip } from "../../design/TipChip";
import { predictedBy } from "../../identity/drafts/draft";
import type { Shapes } from "../../node/client";
import { near } from "../../node/tips";
import { Link } from "../../route";
import styles from "./Differed.module.css";
import type { Meeting } from "./duel";

type Bet = Shapes["BetBody"];

/** The team that a tip lets go through, by its flag or crest. */
const Named = ({ team }: { team: Parameters<typeof Badge>[0]["team"] }) => (
  <span className={styles.named}>
    <Badge team={team} />
    <span className={silent.silent}>{teamName(team)}</span>
  </span>
);

/** What one of the two tipped: gold where it was exact, green where it gave points. */
function Chip({ bet, match }: { bet: Bet | undefined; match: Meeting["match"] }) {
  const { t } = useLingui();
  const said = bet === undefined ? null : predictedBy(bet);
  if (bet !== undefined && said !== null) {
    return (
      <TipChip is={near(bet)}>
        <Score home={said.home} away={said.away} />
        {said.through !== undefined && <Named team={match[said.through]} />}
      </TipChip>
    );
  }
  const why = bet === undefined ? t`No tip` : t`Hidden`;
  return (
    <TipChip>
      <span role="img" aria-label={why}>
        {bet === undefined ? "–" : <FoldIcon size={18} />}
      </span>
    </TipChip>
  );
}

const Points = ({ bet }: { bet: Bet | undefined }) => (
  <span className={styles.points} data-won={(bet?.points ?? 0) > 0 || undefined}>
    {(bet?.points ?? 0) > 0 ? `+${bet?.points}` : bet?.points}
  </span>
);

function Row({ met: { match, mine, theirs } }: { met: Meeting }) {
  const score = match.record?.score;
  return (
    <li>
      <Link to="/match/:code" params={{ code: match.code }} className={styles.row}>
        <Chip bet={mine} match={match} />
        <Points bet={mine} />
        <span className={styles.match}>
          <span className={styles.team} aria-hidden="true">
            {teamName(match.home)}
          </span>
          <Badge team={match.home} />
          <span className={silent.silent}>{matchName(match)}</span>
          {score == null ? <span className={styles.none}>–</span> : <Score {...score} className={styles.score} />}
          <Badge team={match.away} />
          <span className={styles.team} aria-hidden="true">
            {teamName(match.away)}
          </span>
        </span>
        <Points bet={theirs} />
        <Chip bet={theirs} match={match} />
      </Link>
    </li>
  );
}

const FIRST = 8;

/** The matches on which the two said something else. */
export function Differed({ met, name }: { met: readonly Meeting[]; name: string }) {
  const [all, setAll] = useState(false);
  const count = met.length;
  if (count === 0) {
    return (
      <p className={styles.same}>
        <Trans>Nowhere yet: you and {name} tipped the same.</Trans>
      </p>
    );
  }
  return (
    <>
      <Card>
        <ul>
          {met.slice(0, all ? count : FIRST).map((it) => (
            <Row key={it.match.no} met={it} />
          ))}
        </ul>
      </Card>
      {!all && count > FIRST && (
        <Button look="quiet" wide onPress={() => setAll(true)}>
          <Trans>Show all {count}</Trans>
        </Button>
      )}
    </>
  );
}
