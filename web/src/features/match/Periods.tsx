import { Trans, useLingui } from "@lingui/react/macro";

import { teamName } from "../../design/teams";
import type { Shapes } from "../../node/client";

type Match = Shapes["MatchBody"];
type Score = { home: number; away: number } | null | undefined;

const same = (one: Score, other: Score): boolean => one?.home === other?.home && one?.away === other?.away;

/** How the score came about, as far as it does not repeat the one that counts. */
export function Periods({ match, outcome }: { match: Match; outcome: Shapes["OutcomeBody"] }) {
  const { t } = useLingui();
  const counts = match.record?.score;
  const periods = [
    [t`half-time`, outcome.half_time],
    [t`90 min`, same(outcome.after_90, counts) ? null : outcome.after_90],
    [t`extra time`, same(outcome.after_120, counts) ? null : outcome.after_120],
    [t`penalties`, outcome.shootout],
  ] as const;
  const side = outcome.advances;
  const team = side === "home" || side === "away" ? teamName(match[side]) : undefined;
  return (
    <>
      {periods.map(
        ([name, score]) =>
          score != null && (
            <span key={name}>
              {" · "}
              {name} {score.home}:{score.away}
            </span>
          ),
      )}
      {team !== undefined && (
        <>
          {" · "}
          <Trans>{team} advances</Trans>
        </>
      )}
    </>
  );
}
