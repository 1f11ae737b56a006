import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { node, type Shapes } from "../../node/client";
import { everyPage } from "../../node/pages";
import { useVotes } from "../../node/queries";
import { effectsOf, heldBack, isSigned, type Effects } from "./acts";

const NONE: Effects = new Map();

/** What organisers' transactions did, of a run of transactions, the newest first; `undefined` until that is known. */
export function useEffects(transactions: readonly Shapes["TransactionBody"][]): Effects | undefined {
  const newest = transactions.find(({ action }) => isSigned(action.type));
  const enabled = newest !== undefined;
  const log = useQuery({
    queryKey: ["get", "/api/v1/log", newest?.id, newest?.block?.hash],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => everyPage((query) => node.GET("/api/v1/log", { signal, params: { query } })),
  });
  const votes = useVotes(enabled);
  if (!enabled) return NONE;
  if ([log, votes].some((it) => it.isLoading)) return undefined;
  if (log.data === undefined) return NONE;
  const effects = effectsOf(log.data, votes.data ?? []);
  return log.isPlaceholderData ? heldBack(effects, transactions) : effects;
}
