import type { ReactNode } from "react";

import { liveCardsOf } from "../../extras";
import type { Shapes } from "../../node/client";
import { useWordsOfRules } from "../../rulebook/Sentences";
import { lastFinal } from "./rounds";
import type { News } from "./useNews";

interface LastRound {
  cards: ReactNode;
  /** The round, if there is a card about it. */
  onCard: string | undefined;
  /** Whether what the cards need has come or failed. */
  ready: boolean;
}

/** The round that became final last, as optional rules show it. */
export function useLastRound(matches: readonly Shapes["MatchBody"][], tables: News["tables"]): LastRound {
  const stage = lastFinal(matches);
  const table = stage === undefined ? undefined : tables.get(stage);
  const cards = table === undefined ? [] : liveCardsOf(table);
  const [words] = useWordsOfRules(cards.length > 0);
  if (stage === undefined || table === undefined || cards.length === 0)
    return { cards: null, onCard: undefined, ready: true };
  return {
    cards: cards.map(({ name, Card }) => <Card key={name} {...{ stage, table, matches }} />),
    onCard: stage,
    ready: words !== undefined,
  };
}
