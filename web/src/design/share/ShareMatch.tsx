import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { roundName } from "../../words/rounds";
import { moment, seconds } from "../../words/time";
import { matchName, teamName } from "../teams";
import { MatchPicture, split } from "./MatchPicture";
import { ShareButton } from "./ShareButton";

interface Props {
  match: Shapes["MatchBody"];
  bets: readonly Shapes["BetBody"][];
  /** How it stands by what was said of it, and what that is called; a result needs none. */
  live?: { score: { home: number; away: number } | undefined; stands: ReactNode } | undefined;
  own: string | undefined;
  look?: "quiet" | "stage";
}

/** Shares a match with everybody's tips, once it has begun. */
export function ShareMatch({ match, bets, live, own, look = "quiet" }: Props) {
  const { t } = useLingui();
  const now_s = useNow(60);
  if (match.status === "scheduled") return null;
  const result = match.record?.score ?? undefined;
  const score = result ?? live?.score;
  const [home, draw, away] = split(bets);
  const [first, second] = [teamName(match.home), teamName(match.away)];
  const title = score === undefined ? matchName(match) : `${first} ${score.home}:${score.away} ${second}`;
  const tips = t`Tips: ${home} for ${first}, ${draw} for a draw, ${away} for ${second}.`;
  const when = match.kickoff == null ? "" : ` · ${moment(seconds(match.kickoff), now_s)}`;
  return (
    <ShareButton
      look={look}
      name={`bolao-${match.code}`}
      text={`${title}. ${tips}`}
      picture={() => (
        <MatchPicture
          match={match}
          bets={bets}
          own={own}
          over={roundName(match.stage) + when}
          score={score}
          stands={result === undefined ? (live?.stands ?? <Trans>Kicked off</Trans>) : <Trans>Full time</Trans>}
        />
      )}
    />
  );
}
