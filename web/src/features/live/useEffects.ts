import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef } from "react";

import { $node, node, type Shapes } from "../../node/client";
import { everyPage } from "../../node/pages";
import { useVotes } from "../../node/queries";
import { effectsOf, heldBack, isSigned, madeWith, type Effects } from "./acts";
import { newer } from "./log";

const LIMIT = 500;
const NONE: Effects = new Map();

/** What organisers' transactions did, of a run of transactions, the newest first; `undefined` until that is known. */
export function useEffects(transactions: readonly Shapes["TransactionBody"][]): Effects | undefined {
  const newest = transactions.find(({ action }) => isSigned(action.type));
  const enabled = newest !== undefined;
  const known = useRef<readonly Shapes["ActBody"][]>([]);
  // The log has more to say only where there is a newer one, or the same in another block: no event makes it old.
  const log = useQuery({
    queryKey: ["log", newest?.id, newest?.block?.hash],
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
  const votes = useVotes(enabled);
  const made = $node.useQuery("get", "/api/v1/pool/genesis", {}, { enabled });
  if (!enabled) return NONE;
  if ([log, votes, made].some((it) => it.isLoading)) return undefined;
  if (log.data === undefined) return NONE;
  const effects = effectsOf(log.data, votes.data ?? [], madeWith(made.data));
  return log.isPlaceholderData ? heldBack(effects, transactions) : effects;
}
