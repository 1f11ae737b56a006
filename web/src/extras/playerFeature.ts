// What this device's player has of what the pool has chosen.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";

import { onItsWay, onTheWayOptions } from "../identity/drafts/ownTips";
import { useSentSoFar } from "../identity/sending/follow";
import { usePlayerHere } from "../keys/player";
import { isOver } from "../keys/sent";
import { openedOptions } from "../keys/useOpened";
import { $node, type Shapes } from "../node/client";
import { useJoined } from "../node/queries";
import type { Features } from "./extra";

type Act = Shapes["Action"];

const ownOptions = (player: string) =>
  $node.queryOptions("get", "/api/v1/players/{player}/features", { params: { path: { player } } });

/** What the pool has chosen, by its own file of rules; `undefined` where nobody plays here. */
export function useChosen(pool: string): Features | undefined {
  const enabled = usePlayerHere(pool) !== undefined;
  const { data } = useQuery({ ...openedOptions(pool), enabled });
  return (data?.pool.rules as { features?: Features } | undefined)?.features;
}

/** What was signed here besides tips and is in no block, or in one that the answers do not know yet; the last one last. */
function usePendingActs(pool: string, account: string | undefined): readonly Act[] {
  const sent = useSentSoFar(pool, account);
  const { data: onTheWay } = useQuery(onTheWayOptions(account));
  const answer = useQueryClient().getQueryState(ownOptions(account ?? "").queryKey);
  // It need not be followed: an answer that was read again and is the same is the same with what has left for a block.
  const read_ms = onTheWay === undefined || onTheWay.gone.length === 0 ? 0 : (answer?.dataUpdatedAt ?? 0);
  return useMemo(() => {
    const way = onTheWay === undefined ? new Set<string>() : onItsWay(onTheWay, read_ms);
    const kept = sent.filter(({ id, fate }) => !isOver(fate) && (fate !== "booked" || way.has(id)));
    return kept.flatMap(({ act }) => act ?? []);
  }, [sent, onTheWay, read_ms]);
}

export interface PlayerFeature<Name extends keyof Shapes["PlayerFeatures"]> {
  /** What the pool has chosen of it, by its own file of rules. */
  rule: unknown;
  /** What the player has of it, as the node says. */
  own: NonNullable<Shapes["PlayerFeatures"][Name]>;
  pending: readonly Act[];
}

/** What this device's player has of one; `undefined` where nobody has joined here, or the pool has not chosen it. */
export function usePlayerFeature<Name extends keyof Shapes["PlayerFeatures"]>(
  pool: string,
  name: Name,
): PlayerFeature<Name> | undefined {
  const account = usePlayerHere(pool)?.account;
  const rule = useChosen(pool)?.[name];
  const chosen = rule == null ? undefined : account;
  const joined = useJoined(chosen) === true;
  const { data } = useQuery({ ...ownOptions(chosen ?? ""), enabled: joined });
  const pending = usePendingActs(pool, joined ? chosen : undefined);
  const own = data?.[name];
  return own == null ? undefined : { rule, own, pending };
}
