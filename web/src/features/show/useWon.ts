import { useQuery } from "@tanstack/react-query";

import { matches as allMatches } from "../../checking/questions";
import { known } from "../../checking/reads";
import { useAsked } from "../../checking/useAsked";
import type { Shapes } from "../../node/client";
import { useMatches } from "../../node/queries";
import { closesRound, type Won, wonOf } from "../../sentences/fullTime";
import { wonOptions } from "../../sentences/useEnds";

/** Who won the round that a match closed. */
export function useWon(match: Shapes["MatchBody"]): Won | undefined {
  const { stage } = match;
  const closes = closesRound(match, useMatches().data ?? []);
  const { data } = useQuery({ ...wonOptions(stage), enabled: closes });
  useAsked(closes ? "matches" : undefined, allMatches.read);
  useAsked(closes ? `round won ${stage}` : undefined, async (fresh) => [
    { of: { route: "standings", stage }, body: await known(wonOptions(stage), fresh) },
  ]);
  return closes && data !== undefined ? wonOf(stage, data.items) : undefined;
}
