import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { told } from "../../checking/state";
import styles from "../../design/Banner.module.css";
import { Button } from "../../design/Button";
import { kept } from "../../device/kept";
import { useStore } from "../../device/store";
import { usePlayerHere } from "../../keys/player";
import { useNow } from "../../node/clock";
import { poolOptions, usePlayers } from "../../node/queries";
import { ActSays } from "../../rulebook/ActSays";
import type { ToldAct } from "../../rules";
import { Names } from "../../words/Names";

/** An act is told for so long. */
const NEWS_S = 7 * 86_400;

/** So many are told one by one. */
const FEW = 3;

/** The number of the last act that was tapped away on this device. */
const storeOf = (pool: string) => kept(`bolao.acts.${pool}`);

/**
 * Tells players, wherever they are, what other organisers changed, until that is tapped away: by the book that this device has read, and
 * not by what the node says of it.
 */
export function Acts() {
  const { data: pool } = useQuery(poolOptions());
  const id = pool?.id ?? "";
  const account = usePlayerHere(id)?.account;
  const { data: players = [] } = usePlayers(account !== undefined);
  const acts = useStore(told) ?? [];
  const [, redraw] = useState(0);
  const now_s = useNow(60);
  const seen = Number(storeOf(id).read() ?? -1);
  const joined = players.find((player) => player.account === account)?.joined;
  const isNews = ({ seq, height, time, signers }: ToldAct): boolean =>
    seq > seen &&
    time + NEWS_S > now_s &&
    height > (joined ?? Infinity) &&
    !signers.some((it) => it.account === account);
  const news = account === undefined ? [] : acts.filter(isNews);
  const more = news.length - FEW;
  const tapAway = () => {
    storeOf(id).write(String(Math.max(...news.map(({ seq }) => seq))));
    redraw((count) => count + 1);
  };
  return (
    <div role="status" aria-live="polite" className={news.length > 0 ? styles.away : undefined}>
      {news.slice(0, FEW).map(({ seq, signers, said, match }) => (
        <p key={seq}>
          <Names players={signers} />: <ActSays said={said} />{" "}
          {match !== undefined && (
            <Link to="/match/$code" params={{ code: match.code }}>
              <Trans>Take a look</Trans>
            </Link>
          )}
        </p>
      ))}
      {more > 0 && (
        <p>
          <Link to="/live">
            <Plural value={more} one="# more change by organisers." other="# more changes by organisers." />
          </Link>
        </p>
      )}
      {news.length > 0 && (
        <Button look="quiet" onPress={tapAway}>
          <Trans>Got it</Trans>
        </Button>
      )}
    </div>
  );
}
