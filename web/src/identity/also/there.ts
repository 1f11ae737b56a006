// Another pool of this host as its node says it: it is asked at its own path, and believed no more than the node of this page.

import { isProblem, type Node, nodeAt, type Shapes } from "../../node/client";
import { betEntry, matchEntry } from "../../node/entries";
import { everyPage } from "../../node/pages";
import { Refused, refused } from "../../node/refused";
import type { Joined } from "../../keys/joined";
import { predictedBy } from "../drafts/draft";
import type { Score } from "./same";

export interface There {
  node: Node;
  matches: Shapes["MatchBody"][];
  bets: Shapes["BetBody"][];
  /** How many transactions its book has. */
  transactions: number;
}

/** The node shows this browser only what joining needs. */
export class Outside extends Error {}

async function betsOf(node: Node, account: string): Promise<Shapes["BetBody"][]> {
  const path = { player: account };
  const { response } = await node.GET("/api/v1/players/{player}", { params: { path } });
  // Whoever has just joined is in no block yet.
  if (response.status === 404) return [];
  return everyPage((query) => node.GET("/api/v1/players/{player}/bets", { params: { path, query } }), betEntry);
}

/** What a pool has, if it is still the one that was joined there. */
export async function look({ pool, path, player }: Joined): Promise<There> {
  const node = nodeAt(path);
  const { data, error } = await node.GET("/api/v1/pool");
  // A host that shows nothing there any more, or another thing, is no pool's computer.
  if (data === undefined) throw isProblem(error) && error.status !== 404 ? refused(error) : new TypeError("no answer");
  if (data.id !== pool) throw new Refused("other-pool", "another pool lies where this one did");
  const { response } = await node.GET("/api/v1/matches", { params: { query: { limit: 1 } } });
  if (response.status === 401) throw new Outside("only players may look");
  const [matches, bets] = await Promise.all([
    everyPage((query) => node.GET("/api/v1/matches", { params: { query } }), matchEntry),
    betsOf(node, player.account),
  ]);
  return { node, matches, bets, transactions: "totals" in data ? data.totals.transactions : 0 };
}

/** What one has tipped there as far as everybody can read it. */
export const openTips = ({ bets }: Pick<There, "bets">): Map<number, Score> =>
  new Map(
    bets.flatMap((bet): [number, Score][] => {
      const score = predictedBy(bet);
      return score === null ? [] : [[bet.match.no, score]];
    }),
  );
