import { useMemo } from "react";

import { Badge, Team } from "../design/teams";
import { answerName } from "../identity/answers/answer";
import type { Asks } from "../node/questions";
import { useMatches } from "../node/queries";

/** The names of the pool's teams: only what is one has a flag or a crest. */
function useTeams(): ReadonlySet<string> {
  const { data } = useMatches();
  return useMemo(() => new Set(data?.flatMap(({ home, away }) => [home.name, away.name])), [data]);
}

/** An answer as it is shown; `small`: of a team its badge only. */
export function Answer({ asks, answer, small = false }: { asks: Asks; answer: number; small?: boolean }) {
  const teams = useTeams();
  const name = asks.kind === "choice" ? asks.options[answer] : undefined;
  if (name === undefined || !teams.has(name)) return <span>{answerName(asks, answer)}</span>;
  return small ? <Badge team={{ name }} /> : <Team team={{ name }} />;
}
