import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef } from "react";

import { takes } from "../../checking/reads";
import { useAsked } from "../../checking/useAsked";

import { node, type Shapes } from "../../node/client";
import { everyPage } from "../../node/pages";
import { useVotes } from "../../node/queries";
import { effectsOf, heldBack, isSigned, type Effects } from "./acts";
import { newer } from "./log";

const LIMIT = 500;
const NONE: Effects = new Map();

/** What organisers' transactions did, of a run of transactions, the newest first; `undefined` until that is known. */
export function useEffects(transactions: readonly Shapes["TransactionBody"][]): Effects | undefined {
  const newest = transactions.find(({ action }) => isSigned(action.type));
  const enabled = newest !== undefined;
  const known = useRef<readonly Shapes["ActBody"][]>([]);
  const queryKey = ["log", newest?.id, newest?.block?.hash];
  // The log has more to say only where there is a newer one, or the same in another block: no event makes it old.
  const log = useQuery({
    queryKey,
    enabled,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const log = newer(known.current);
      const fresh = await everyPage<Shapes["ActBody"]>(async (cursor) =>
        log.cut(
          await node.GET("/api/v1/log", { signal, params: { query: { limit: LIMIT, ...(cursor && { cursor }) } } }),
        ),
      );
      known.current = log.whole(fresh);
      return known.current;
    },
  });
  useAsked(enabled ? "log" : undefined, async () => {
    const items = await takes<Shapes["ActBody"][]>(queryKey);
    return items === undefined ? [] : [{ of: { route: "log" }, body: { items } }];
  });
  const votes = useVotes(enabled);
  if (!enabled) return NONE;
  if ([log, votes].some((it) => it.isLoading)) return undefined;
  if (log.data === undefined) return NONE;
  const effects = effectsOf(log.data, votes.data ?? []);
  return log.isPlaceholderData ? heldBack(effects, transactions) : effects;
}
