// What of a pool is for good, as its genesis has it.

import { queryOptions, useQuery } from "@tanstack/react-query";

import { usePool } from "../node/queries";
import { openedPool } from "./signer";
import { usePlayerHere } from "./player";

export const openedOptions = (id: string) =>
  queryOptions({ queryKey: ["opened pool", id], queryFn: () => openedPool(id) });

interface Fixed {
  name: string;
  consensus: string;
  membership: string;
  bets: string;
  starting_chips: number;
}

/** For whoever plays here as the genesis has it, once that was read; until then, and for others, as the node says. */
export function useFixed(): Fixed {
  const pool = usePool();
  const plays = usePlayerHere(pool.id) !== undefined;
  const { data } = useQuery({ ...openedOptions(pool.id), enabled: plays });
  return data?.pool ?? { ...pool, bets: pool.tips };
}

/** The notice that the rules ask of organisers, in seconds; 0 until they were read. */
export const noticeOf = (rules: unknown): number => (rules as { notice_s?: number } | undefined)?.notice_s ?? 0;

export const useNotice = (): number => noticeOf(useQuery(openedOptions(usePool().id)).data?.pool.rules);

/** How long before a kick-off tips close, in seconds; 0 until the rules were read. */
export const useLead = (): number => useQuery(openedOptions(usePool().id)).data?.pool.deadline_lead_s ?? 0;
