import { plural } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useEffect, useState, type CSSProperties } from "react";

import { Mark } from "../../checking/Mark";
import { ActionText, MatchLink } from "../../sentences/ActionText";
import { Button } from "../../design/Button";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { Skeleton } from "../../design/Skeleton";
import { node } from "../../node/client";
import { useNow } from "../../node/clock";
import { useNear } from "../../node/events";
import { useMatches } from "../../node/queries";
import { useStore } from "../../device/store";
import { Names } from "../../words/Names";
import { clockTime, clockWidth, dayKey, dayName, exactTime } from "../../words/time";
import { Act } from "./Act";
import { isSigned } from "./acts";
import { calendarOf, feed, linesOf, type Item } from "./feed";
import { seen, watchLeader } from "./leaders";
import styles from "./Live.module.css";
import { Result } from "./Result";
import { UnderWay } from "./UnderWay";
import { useEffects } from "./useEffects";

export const Route = createLazyRoute("/live")({ component: LivePlace });

const LIMIT = 100;

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

const MANY = 4;

function Players({ of }: { of: Extract<Item, { players: unknown }>["players"] }) {
  if (of.length <= MANY) return <Names players={of} />;
  const others = of.length - MANY + 1;
  return <Names players={of.slice(0, MANY - 1)} more={plural(others, { one: "# other", other: "# others" })} />;
}

function Says({ item }: { item: Item }) {
  switch (item.is) {
    case "kickoff": {
      const [first, ...others] = item.matches;
      const tips = item.matches.reduce((sum, match) => sum + match.bets - match.unopened, 0);
      return (
        <>
          <strong>
            <Trans>Kick-off.</Trans>
          </strong>{" "}
          {others.length === 0 && first !== undefined ? (
            <MatchLink match={first} />
          ) : (
            <Plural value={item.matches.length} one="# match" other="# matches" />
          )}
          {": "}
          <Plural value={tips} one="# tip lies open." other="# tips lie open." />
        </>
      );
    }
    case "result":
      return <Result of={item} />;
    case "final":
      return (
        <Trans>
          <MatchLink match={item.match} /> is final, its pot is paid.
        </Trans>
      );
    case "tipped":
      return (
        <Trans>
          <Players of={item.players} /> tipped.
        </Trans>
      );
    case "opened":
      return (
        <Trans>
          Tips of <Players of={item.players} /> were opened.
        </Trans>
      );
    case "leads":
      return (
        <Trans>
          <Names players={[item.player]} /> is now first.
        </Trans>
      );
    case "act":
      return <Act of={item} />;
    case "deed":
      return <ActionText by={item.transaction} />;
  }
}

function Days({ items }: { items: Item[] }) {
  const now_s = useNow(60);
  const days = new Map<string, Item[]>();
  const width = { "--clock": `${clockWidth()}ch` } as CSSProperties;
  for (const item of items) days.set(dayKey(item.at_s), [...(days.get(dayKey(item.at_s)) ?? []), item]);
  return [...days.values()].map((ofDay) => (
    <section key={ofDay[0]?.key} className={styles.day}>
      <h2>{dayName(ofDay[0]?.at_s ?? now_s, now_s)}</h2>
      <ol className={styles.items} style={width}>
        {ofDay.map((item) => (
          <li key={item.key} className={styles.item} data-is={item.is}>
            <time dateTime={new Date(item.at_s * 1000).toISOString()} title={exactTime(item.at_s)}>
              {clockTime(item.at_s)}
            </time>
            <p>
              <Says item={item} />
            </p>
          </li>
        ))}
      </ol>
    </section>
  ));
}

function LivePlace() {
  const book = useBook();
  const matches = useMatches();
  const now_s = useNow(10);
  const near = useNear();
  const leads = useStore(seen);
  useEffect(watchLeader, []);
  const transactions = book.data?.pages.flatMap((page) => page.items) ?? [];
  const effects = useEffects(transactions);
  const calendar = calendarOf(matches.data ?? [], now_s, effects);
  // What was signed comes as soon as its effect is known.
  const told = effects === undefined ? transactions.filter(({ action }) => !isSigned(action.type)) : transactions;
  const lines = linesOf(told, calendar, effects);
  const items = feed(lines, calendar, leads, book.hasNextPage);
  // All of it at once: what came in between later would push the rest down.
  const [drawn, setDrawn] = useState(false);
  if (!drawn && book.data !== undefined && matches.data !== undefined && effects !== undefined) setDrawn(true);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>
          <Trans>Live</Trans>{" "}
          <span className={styles.on} hidden={near !== true}>
            <Trans>on air</Trans>
          </span>
        </h1>
        <Mark />
      </header>
      <UnderWay matches={matches.data ?? []} />
      {book.isError ? (
        <Failure error={book.error} again={() => void book.refetch()} />
      ) : matches.isError ? (
        <Failure error={matches.error} again={() => void matches.refetch()} />
      ) : !drawn ? (
        <Skeleton rows={8} />
      ) : items.length === 0 ? (
        <Empty title={<Trans>Nothing has happened yet</Trans>}>
          <Trans>Who joins, who tips, kick-offs and results stand here as they come.</Trans>
        </Empty>
      ) : (
        <>
          <Days items={items} />
          {book.hasNextPage && (
            <Button wide onPress={() => void book.fetchNextPage()} isDisabled={book.isFetchingNextPage}>
              <Trans>Earlier</Trans>
            </Button>
          )}
        </>
      )}
    </div>
  );
}
