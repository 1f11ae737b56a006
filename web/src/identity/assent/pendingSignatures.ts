// What waits for this player's signature as an organiser.

import { useQuery } from "@tanstack/react-query";

import type { Shapes } from "../../node/client";
import { poolOptions, useOrganisers, useValidators, useVotes } from "../../node/queries";
import { usePlayerHere } from "../../keys/player";

/** How many signatures are wanted: on results, on matches, on who organises and who keeps the book, on the page's address. */
export interface Wanted {
  results: number;
  fixtures: number;
  people: number;
  invitations: number;
}

const NOTHING: Wanted = { results: 0, fixtures: 0, people: 0, invitations: 0 };

export const allOf = ({ results, fixtures, people, invitations }: Wanted): number =>
  results + fixtures + people + invitations;

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
  const mine = votes.filter((vote) => vote.signable && unsigned(vote));
  const results = mine.filter(({ type }) => type === "result").length;
  const people = [...organisers, ...keepers].filter(unsigned).length;
  const invitations = addresses.filter(unsigned).length;
  return { results, fixtures: mine.length - results, people, invitations };
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
