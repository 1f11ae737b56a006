import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../../design/Button";
import { usePlayerHere } from "../../keys/player";
import { firstLook } from "../../node/firstLook";
import { poolOptions, usePlayers } from "../../node/queries";
import { Link } from "../../route";
import { ActSays, useWordsOfActs } from "../../rulebook/ActSays";
import { Names } from "../../words/Names";
import styles from "./Acts.module.css";
import { notTappedAway, tapAway } from "./tappedAway";
import { type Told, useTold } from "./useTold";

/** So many are told before somebody wants to read them all. */
const FEW = 3;

/** What other organisers changed since a player came to the pool, and to this device, and has not tapped away. */
function useNews(): { pool: string; news: Told[]; checked: boolean } {
  const { data } = useQuery(poolOptions());
  const pool = data?.id ?? "";
  const account = usePlayerHere(pool)?.account;
  const { data: players = [] } = usePlayers(account !== undefined);
  const { acts, checked } = useTold(account !== undefined);
  if (account === undefined) return { pool, news: [], checked };
  const joined = players.find((player) => player.account === account)?.joined ?? Infinity;
  const since_s = firstLook(pool);
  const fresh = acts.filter(
    ({ height, time, signers }) =>
      height > joined && time >= since_s && !signers.some((signer) => signer.account === account),
  );
  return { pool, news: notTappedAway(pool, fresh), checked };
}

/** Tells players, wherever they are, what other organisers changed, until that is tapped away. */
export function Acts() {
  const { pool, news: all, checked } = useNews();
  const ready = useWordsOfActs(all.length > 0);
  const news = ready ? all : [];
  const [open, setOpen] = useState(false);
  const [, redraw] = useState(0);
  const shown = open ? news : news.slice(0, FEW);
  const more = news.length - shown.length;
  return (
    <div role="status" aria-live="polite" className={news.length > 0 ? styles.acts : undefined}>
      {shown.map(({ seq, signers, said, match }) => (
        <p key={seq}>
          <Names players={signers} />: <ActSays said={said} />{" "}
          {match !== undefined && (
            <Link to="/match/:code" params={{ code: match.code }}>
              <Trans>Take a look</Trans>
            </Link>
          )}
        </p>
      ))}
      {news.length > 0 && !checked && (
        <p>
          <Trans>The pool’s computer says so. This device hasn’t checked it.</Trans>
        </p>
      )}
      {news.length > 0 && (
        <div className={styles.ways}>
          <Button
            onPress={() => {
              tapAway(pool, shown);
              setOpen(false);
              redraw((count) => count + 1);
            }}
          >
            <Trans>Got it</Trans>
          </Button>
          {more > 0 && (
            <Button look="quiet" onPress={() => setOpen(true)}>
              <Plural value={more} one="# more change by organisers" other="# more changes by organisers" />
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
