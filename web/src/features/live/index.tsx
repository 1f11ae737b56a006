import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { Mark } from "../../checking/Mark";
import { Button } from "../../design/Button";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { Skeleton } from "../../design/Skeleton";
import { useStore } from "../../device/store";
import { useWide } from "../../device/wide";
import { useOwnTips } from "../../identity/drafts/ownTips";
import { Pools } from "../../identity/pools";
import { usePlayerHere } from "../../keys/player";
import { node } from "../../node/client";
import { useNow } from "../../node/clock";
import { useNear } from "../../node/events";
import { livesOptions, useLiveMatches } from "../../node/live";
import { useMatches, usePool } from "../../node/queries";
import { ShortTable } from "../../sentences/ShortTable";
import { Card } from "./Card";
import { Behind, Days } from "./Days";
import { isSigned } from "./acts";
import { calendarOf, feed, folded, isTechnical, linesOf } from "./feed";
import { seen, watchLeader } from "./leaders";
import styles from "./Live.module.css";
import { roundsTold } from "./rounds";
import { onStage } from "./stage";
import { useEffects } from "./useEffects";
import { useLastRound } from "./useLastRound";
import { lastOf, useNews } from "./useNews";

const LIMIT = 100;

/** More matches at once stand on the stage without how the friends tipped. */
const FEW = 3;

const useBook = () =>
  useInfiniteQuery({
    queryKey: ["get", "/api/v1/transactions", "live"],
    initialPageParam: "",
    queryFn: async ({ pageParam: cursor, signal }) => {
      const { data, error } = await node.GET("/api/v1/transactions", {
        signal,
        params: { query: { limit: LIMIT, ...(cursor !== "" && { cursor }) } },
      });
      if (data === undefined) throw error;
      return data;
    },
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });

/** As few lines are too few, and so many pages are read at most for more of them. */
const THIN = 15;
const MOST_PAGES = 10;

/** Reads further pages where what was read comes to a few lines, such as many corrections of one result. */
function useMore({ data, hasNextPage, isFetching, fetchNextPage }: ReturnType<typeof useBook>, lines: number): void {
  const pages = data?.pages.length ?? 0;
  const wanted = lines < THIN && hasNextPage && pages > 0 && pages < MOST_PAGES;
  useEffect(() => {
    if (wanted && !isFetching) void fetchNextPage();
  }, [wanted, isFetching, fetchNextPage]);
}

/** What happens now, and what happened. */
export function Place() {
  const pool = usePool();
  const own = usePlayerHere(pool.id)?.account;
  const { players } = pool.totals;
  const book = useBook();
  const matches = useMatches();
  const all = matches.data ?? [];
  const now_s = useNow(10);
  const near = useNear();
  const wide = useWide();
  const leads = useStore(seen);
  useEffect(() => watchLeader(own), [own]);
  const transactions = book.data?.pages.flatMap((page) => page.items) ?? [];
  const effects = useEffects(transactions);
  const news = useNews(lastOf(all, players), roundsTold(all), players);
  const round = useLastRound(all, news.tables);
  const calendar = calendarOf(all, now_s, effects, round.onCard);
  // What was signed comes as soon as its effect is known.
  const told = effects === undefined ? transactions.filter(({ action }) => !isSigned(action.type)) : transactions;
  const lines = linesOf(told, calendar, effects);
  const items = folded(feed(lines, calendar, leads, book.hasNextPage));
  useMore(book, items.length);
  const stage = onStage(all, now_s);
  const lives = useLiveMatches(all);
  const { isLoading } = useQuery({ ...livesOptions(), enabled: all.some(({ status }) => status === "closed") });
  const { tips, ready } = useOwnTips(pool.id, own);
  // All of it at once: what came in between later would push the rest down.
  const [drawn, setDrawn] = useState(false);
  const known = book.data !== undefined && matches.data !== undefined && effects !== undefined;
  if (!drawn && known && news.whole && round.ready && ready && !isLoading) setDrawn(true);
  return (
    <>
      <header className={styles.head}>
        <Pools own={pool.id} />
        <h1>
          <Trans>Live</Trans>{" "}
          <span className={styles.on} hidden={near !== true}>
            <Trans>connected</Trans>
          </span>
        </h1>
        <Mark />
      </header>
      {book.isError ? (
        <Failure error={book.error} again={() => void book.refetch()} />
      ) : matches.isError ? (
        <Failure error={matches.error} again={() => void matches.refetch()} />
      ) : !drawn ? (
        <Skeleton rows={8} />
      ) : (
        <div className={styles.page}>
          <div className={styles.cards}>
            {stage.map((match) => (
              <Card
                key={match.code}
                match={match}
                live={lives.find((it) => it.match.no === match.no)?.live}
                bets={stage.length > FEW ? undefined : news.tips.get(match.no)}
                players={players}
                tip={tips.get(match.no)}
                plays={own !== undefined}
              />
            ))}
            {wide && <ShortTable account={own} matches={all} />}
          </div>
          <div className={styles.feed}>
            {round.cards}
            {items.length === 0 ? (
              <Empty title={<Trans>Nothing has happened yet</Trans>}>
                <Trans>Kick-offs, results and new friends will show up here.</Trans>
              </Empty>
            ) : (
              <>
                <Days items={items.filter((item) => !isTechnical(item))} news={news} own={own} />
                {book.hasNextPage && (
                  <Button wide onPress={() => void book.fetchNextPage()} isDisabled={book.isFetchingNextPage}>
                    <Trans>Earlier</Trans>
                  </Button>
                )}
              </>
            )}
          </div>
          <Behind items={items.filter(isTechnical)} news={news} own={own} live={lives.length > 0} />
        </div>
      )}
    </>
  );
}
