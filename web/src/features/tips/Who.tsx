import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Failure } from "../../design/Failure";
import { Disc, Pile } from "../../design/people";
import { Sheet } from "../../design/Sheet";
import { Skeleton } from "../../design/Skeleton";
import { teamName } from "../../design/teams";
import type { Shapes } from "../../node/client";
import { useMatchTips, usePlayers } from "../../node/queries";
import styles from "./Who.module.css";

/** More names than that are not listed. */
const LISTED = 200;

function Names({ match }: { match: Shapes["MatchBody"] }) {
  const tips = useMatchTips(match.code);
  const players = usePlayers();
  const error = tips.error ?? players.error;
  if (error !== null) return <Failure error={error} />;
  if (tips.data === undefined || players.data === undefined) return <Skeleton rows={4} height={24} />;
  const done = new Set(tips.data.map(({ player }) => player.account));
  const missing = players.data.filter(({ account }) => !done.has(account));
  const tipped = players.data.filter(({ account }) => done.has(account));
  const [absent, present] = [missing.length, tipped.length];
  const list = (some: Shapes["PlayerBody"][]) =>
    some.slice(0, LISTED).map((player) => (
      <li key={player.account}>
        <Disc person={player} size={24} />
        {player.name}
      </li>
    ));
  return (
    <div className={styles.lists}>
      {absent > 0 && (
        <section>
          <h3>
            {present === 0 ? (
              <Trans>Nobody has tipped yet</Trans>
            ) : (
              <Plural value={absent} one="# has not tipped yet" other="# have not tipped yet" />
            )}
          </h3>
          <ul className={styles.names}>{list(missing)}</ul>
        </section>
      )}
      {present > 0 && (
        <section>
          <h3>
            {absent === 0 ? (
              <Trans>Everybody has tipped</Trans>
            ) : (
              <Plural value={present} one="# has tipped" other="# have tipped" />
            )}
          </h3>
          <ul className={styles.names}>{list(tipped)}</ul>
        </section>
      )}
    </div>
  );
}

/** Some of those who have tipped, as discs. */
function Tipped({ match }: { match: Shapes["MatchBody"] }) {
  const { data: tips = [] } = useMatchTips(match.code);
  const people = tips.map(({ player: { account, name } }) => ({ account, name: name ?? "?" }));
  return <Pile people={people} all={match.bets} />;
}

/**
 * "7 of 9 tipped"; on tap: who has, and who has not. What they tipped is nobody's business before kick-off. `pile`: with their discs.
 */
export function Who({ match, players, pile }: { match: Shapes["MatchBody"]; players: number; pile: boolean }) {
  const [open, setOpen] = useState(false);
  const { bets } = match;
  const home = teamName(match.home);
  const away = teamName(match.away);
  if (players === 0) return null;
  return (
    <>
      <button type="button" className={styles.who} onClick={() => setOpen(true)}>
        <Trans>
          {bets} of {players} tipped
        </Trans>
        {pile && bets > 0 && <Tipped match={match} />}
      </button>
      <Sheet title={`${home} – ${away}`} open={open} close={() => setOpen(false)}>
        <Names match={match} />
      </Sheet>
    </>
  );
}
