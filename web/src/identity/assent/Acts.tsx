import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { settled } from "../../checking/state";
import { According } from "../../design/According";
import { Button } from "../../design/Button";
import { usePlayerHere } from "../../keys/player";
import { firstLook } from "../../node/firstLook";
import { poolOptions, usePlayers } from "../../node/queries";
import { Link } from "../../route";
import { ActSays, useWordsOfActs } from "../../rulebook/ActSays";
import { Names } from "../../words/Names";
import styles from "./Acts.module.css";
import { notTappedAway, tapAway } from "./tappedAway";
import { byAbout } from "./together";
import { type Told, useTold } from "./useTold";

/** What so many things are about is told before somebody wants to read all of it. */
const FEW = 3;

/** What other organisers changed since a player came to the pool, and to this device, and has not tapped away. */
function useNews() {
  const { data } = useQuery(poolOptions());
  const pool = data?.id ?? "";
  const account = usePlayerHere(pool)?.account;
  const { data: players = [] } = usePlayers(account !== undefined);
  const { acts, checked } = useTold(pool, account);
  if (account === undefined) return { pool, account: "", news: [], checked };
  const joined = players.find((player) => player.account === account)?.joined ?? Infinity;
  const since_s = firstLook(pool);
  const fresh = acts.filter(
    ({ height, time, signers }) =>
      height > joined && time >= since_s && !signers.some((signer) => signer.account === account),
  );
  return { pool, account, news: notTappedAway(pool, account, fresh), checked };
}

function Says({ act: { signers, said } }: { act: Told }) {
  return (
    <>
      <Names players={signers} />: <ActSays said={said} />
    </>
  );
}

/** What was changed of one thing: the last change, and those before it on demand. */
function About({ acts: [last, ...before] }: { acts: readonly Told[] }) {
  if (last === undefined) return null;
  return (
    <div>
      <p>
        <Says act={last} />{" "}
        {last.match !== undefined && (
          <Link to="/match/:code" params={{ code: last.match.code }}>
            <Trans>Take a look</Trans>
          </Link>
        )}
      </p>
      {before.length > 0 && (
        <details className={styles.before}>
          <summary>
            <Plural value={before.length} one="# change before it" other="# changes before it" />
          </summary>
          {before.map((act) => (
            <p key={act.seq}>
              <Says act={act} />
            </p>
          ))}
        </details>
      )}
    </div>
  );
}

/** Tells players, wherever they are, what other organisers changed, until that is tapped away. */
export function Acts() {
  const { pool, account, news: all, checked } = useNews();
  const ready = useWordsOfActs(all.length > 0);
  const news = ready ? all : [];
  const groups = byAbout(news);
  const [open, setOpen] = useState(false);
  const [, redraw] = useState(0);
  const shown = open ? groups : groups.slice(0, FEW);
  const more = groups.slice(shown.length).flat().length;
  const says = shown.map((acts) => <About key={acts[0]?.about} acts={acts} />);
  return (
    <div role="status" aria-live="polite" className={news.length > 0 ? styles.acts : undefined}>
      {checked || news.length === 0 ? says : <According>{says}</According>}
      {news.length > 0 && (
        <div className={styles.ways}>
          <Button
            onPress={() => {
              tapAway(pool, account, shown.flat(), news, settled());
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
