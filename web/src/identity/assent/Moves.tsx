import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { Button } from "../../design/Button";
import { matchName } from "../../design/teams";
import { usePlayerHere } from "../../keys/player";
import { useNow } from "../../node/clock";
import type { Shapes } from "../../node/client";
import { matchesOptions, poolOptions } from "../../node/queries";
import { standing } from "../../node/record";
import { Moved } from "../../words/Moved";
import { seconds } from "../../words/time";
import styles from "../../design/Banner.module.css";
import { kept } from "../../device/kept";

/** A move is told for so long. */
const NEWS_S = 7 * 86_400;

/** So many are told one by one. */
const FEW = 3;

/** Whether a match was moved of late. */
export const isNews = ({ moved }: Pick<Shapes["MatchBody"], "moved">, now_s: number): boolean =>
  moved != null && seconds(moved.time) + NEWS_S > now_s;

/** The block of the last move that was tapped away on this device. */
const storeOf = (pool: string) => kept(`bolao.moves.${pool}`);

/** Tells players, wherever they are, which matches without a result other organisers moved, until that is tapped away. */
export function Moves() {
  const { data: pool } = useQuery(poolOptions());
  const id = pool?.id ?? "";
  const account = usePlayerHere(id)?.account;
  const plays = account !== undefined;
  const { data: matches = [] } = useQuery({ ...matchesOptions(), enabled: plays });
  const [, redraw] = useState(0);
  const now_s = useNow(60);
  const seen = Number(storeOf(id).read() ?? 0);
  const isOwn = ({ moved }: (typeof matches)[number]): boolean =>
    moved?.signers.some((signer) => signer.account === account) === true;
  const isTold = (match: (typeof matches)[number]): boolean =>
    isNews(match, now_s) && standing(match) === undefined && !isOwn(match) && (match.moved?.height ?? 0) > seen;
  const news = plays ? matches.filter(isTold) : [];
  const more = news.length - FEW;
  const tapAway = () => {
    storeOf(id).write(String(Math.max(...news.map(({ moved }) => moved?.height ?? 0))));
    redraw((count) => count + 1);
  };
  return (
    <div role="status" aria-live="polite" className={news.length > 0 ? styles.away : undefined}>
      {news.slice(0, FEW).map((match) => (
        <p key={match.code}>
          <Link to="/match/$code" params={{ code: match.code }}>
            {matchName(match)}
          </Link>
          {": "}
          <Moved match={match} />
        </p>
      ))}
      {more > 0 && (
        <p>
          <Plural value={more} one="# more match was moved." other="# more matches were moved." />
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
