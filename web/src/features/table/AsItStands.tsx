import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Heading } from "../../design/Card";
import { Choice } from "../../design/Choice";
import { Long } from "../../design/Long";
import { Pile, personOf } from "../../design/people";
import { Pill } from "../../design/Pill";
import { Score } from "../../design/Score";
import silent from "../../design/Silent.module.css";
import { Stage } from "../../design/stage/Stage";
import { Badge, useColours, matchName, teamName } from "../../design/teams";
import { BetChip } from "../../design/TipChip";
import { Unread } from "../../design/Unread";
import type { Shapes } from "../../node/client";
import { useGains, useLiveTable, type Live } from "../../node/live";
import { matchTipsOptions } from "../../node/queries";
import { nearNow } from "../../node/tips";
import { Link } from "../../route";
import { leadOf } from "../../sentences/lead";
import { LeadText } from "../../sentences/LeadText";
import styles from "./AsItStands.module.css";
import { Pinned, useOutOfSight } from "./Pinned";
import { anyMoves, Heads, Row, ROW_PX, type Standing } from "./Row";
import rows from "./Row.module.css";
import { RoundMatches } from "./RoundMatches";
import { Sliding } from "./Sliding";
import desk from "./Table.module.css";

interface Played {
  match: Shapes["MatchBody"];
  live: Live;
}

/** A match that is played, as its score was last said; leads to its place. */
function Scene({ of: { match, live } }: { of: Played }) {
  const { home, away } = live;
  const minute = live.minute;
  return (
    <Stage colours={useColours(match.home, match.away)} className={styles.scene}>
      <span className={styles.team} data-home>
        {teamName(match.home)}
        <Badge team={match.home} />
      </span>
      <span className={styles.score}>
        <Score home={home} away={away} />
      </span>
      <span className={styles.team}>
        <Badge team={match.away} />
        {teamName(match.away)}
      </span>
      <Link to="/match/:code" params={{ code: match.code }} className={styles.way}>
        <span className={silent.silent}>{matchName(match)}: </span>
        <Pill look="live">{minute == null ? <Trans>Live</Trans> : <Trans>Live · {minute} min</Trans>}</Pill>
      </Link>
    </Stage>
  );
}

/** Who leads if it ended now; and that it has not. */
function Lead({ lines, own }: { lines: readonly Standing[]; own: string | undefined }) {
  const lead = leadOf(lines, own);
  return (
    <div className={styles.lead} role="status">
      {lead !== undefined && (
        <Pile people={lead.first.map(personOf)} size={32} most={2} all={Math.min(lead.first.length, 2)} />
      )}
      <p>
        {lead !== undefined && (
          <strong>
            <LeadText lead={lead} own={own} />
          </strong>
        )}
        <span>
          <Trans>Not a result yet: the score as last reported.</Trans>
        </span>
      </p>
    </div>
  );
}

/** Everybody's tips on a match. */
function useTips(match: Shapes["MatchBody"] | undefined): readonly Shapes["BetBody"][] {
  return useQuery({ ...matchTipsOptions(match?.code ?? ""), enabled: match !== undefined }).data ?? [];
}

/** The table as it would stand if the matches that are played ended now. */
export function AsItStands({ played, own }: { played: readonly Played[]; own: string | undefined }) {
  const { t } = useLingui();
  const [wanted, setWanted] = useState<string>();
  const now = played.find(({ match }) => match.code === wanted) ?? played[0];
  const table = useLiveTable();
  const gains = useGains();
  const bets = useTips(now?.match);
  const mine = table.data?.items.findIndex(({ player }) => player.account === own) ?? -1;
  const { see, away } = useOutOfSight(mine);
  if (table.isError || table.data === undefined || now === undefined)
    return <Unread of={[table]} rows={8} height={ROW_PX} />;
  const lines = table.data.items;
  const moves = anyMoves(lines);
  const tips = new Map(bets.map((bet) => [bet.player.account, bet]));
  const row = (index: number) => {
    const line = lines[index];
    if (line === undefined) return null;
    const { account } = line.player;
    const won = gains?.of.get(account) ?? 0;
    const bet = tips.get(account);
    const near = bet?.score == null ? undefined : nearNow(bet.score, now.live, account, gains);
    return (
      <Row line={line} index={index} mine={index === mine} moves={moves}>
        <span role="cell" className={styles.tip}>
          <BetChip bet={bet} is={near} />
        </span>
        <span role="cell" className={styles.gain}>
          {won > 0 && `+${won}`}
        </span>
      </Row>
    );
  };
  return (
    <section aria-label={t`As it stands`} className={desk.desk}>
      <div className={desk.last}>
        {played.length > 1 && (
          <div className={styles.which}>
            <Choice
              label={t`Tips on`}
              silent
              look="pills"
              value={now.match.code}
              choices={played.map(({ match, live }) => ({
                value: match.code,
                says: `${teamName(match.home)} ${live.home}:${live.away} ${teamName(match.away)}`,
              }))}
              choose={setWanted}
            />
          </div>
        )}
        <Scene of={now} />
        <Lead lines={lines} own={own} />
        <RoundMatches stage={now.match.stage} />
      </div>
      <div className={desk.table}>
        <Heading
          aside={
            <span className={desk.columns}>
              <Trans>tip · would score · points</Trans>
            </span>
          }
        >
          <Trans>As it stands</Trans>
        </Heading>
        <div
          role="table"
          aria-label={t`As it stands`}
          aria-rowcount={lines.length + 1}
          className={rows.table}
          data-moves={moves || undefined}
        >
          <Heads moved={moves ? t`Places won or lost by the live scores` : undefined}>
            <span role="columnheader" className={styles.tip}>
              <Trans>Tip</Trans>
            </span>
            <span role="columnheader" className={styles.gain}>
              <Trans>Now</Trans>
            </span>
          </Heads>
          <Long
            role="rowgroup"
            Held={Sliding}
            count={lines.length}
            height={ROW_PX}
            keyOf={(index) => lines[index]?.player.account ?? String(index)}
            onWindow={see}
            row={row}
          />
        </div>
        {away && <Pinned>{row(mine)}</Pinned>}
      </div>
    </section>
  );
}
