// What waits for this player's signature as an organiser.

import { useQuery } from "@tanstack/react-query";

import type { Shapes } from "../../node/client";
import { poolOptions, useOrganisers, useValidators, useVotes } from "../../node/queries";
import { usePlayerHere } from "../../keys/player";
import { TABS, tabOf, type Tab } from "./kinds";

/** How many signatures are wanted at each tab. */
export type Wanted = Record<Tab, number>;

const NOTHING = Object.fromEntries(TABS.map((tab) => [tab, 0])) as Wanted;

export const allOf = (wanted: Wanted): number => TABS.reduce((sum, tab) => sum + wanted[tab], 0);

interface Waiting {
  votes: readonly Shapes["WaitingBody"][];
  organisers: readonly { signers: readonly Shapes["PlayerRef"][] }[];
  keepers: readonly { signers: readonly Shapes["PlayerRef"][] }[];
  addresses: readonly { signers: readonly Shapes["PlayerRef"][] }[];
}

/** What waits for the signature of an account. */
export function wantedOf({ votes, organisers, keepers, addresses }: Waiting, account: string): Wanted {
  const unsigned = ({ signers }: { signers: readonly Shapes["PlayerRef"][] }): boolean =>
    signers.every((signer) => signer.account !== account);
  const wanted = { ...NOTHING };
  for (const vote of votes) if (vote.signable && unsigned(vote)) wanted[tabOf(vote)] += 1;
  wanted.people += [...organisers, ...keepers].filter(unsigned).length;
  wanted.invitations += addresses.filter(unsigned).length;
  return wanted;
}

/** The same for whoever plays here; `undefined` until it is known. */
export function useWanted(): Wanted | undefined {
  const { data: pool } = useQuery(poolOptions());
  const account = usePlayerHere(pool?.id ?? "")?.account;
  const organisers = pool?.organisers ?? [];
  // Whoever organises alone waits for nobody.
  const enabled = organisers.length > 1 && organisers.some((it) => it.account === account);
  const votes = useVotes(enabled);
  const others = useOrganisers(enabled);
  const keepers = useValidators(enabled);
  if (pool === undefined) return undefined;
  if (!enabled || account === undefined) return NOTHING;
  if ([votes, others, keepers].some(({ isLoading }) => isLoading)) return undefined;
  const waiting = {
    votes: votes.data ?? [],
    organisers: others.data?.waiting ?? [],
    addresses: others.data?.addresses ?? [],
    keepers: keepers.data?.waiting ?? [],
  };
  return wantedOf(waiting, account);
}
