import { Trans, useLingui } from "@lingui/react/macro";
import type { Shapes } from "../../node/client";
import { useLiveScore, type Live } from "../../node/live";
import { usePool } from "../../node/queries";
import { lean } from "../../node/tips";
import { roundName } from "../../words/rounds";
import { dated, seconds } from "../../words/time";
import { matchName, teamName } from "../teams";
import { MatchPicture } from "./MatchPicture";
import { ShareButton } from "./ShareButton";

interface Props {
  match: Shapes["MatchBody"];
  bets: readonly Shapes["BetBody"][];
  own: string | undefined;
  look?: "bare" | "stage";
}

/** What the score is. */
function Stands({ live, over }: { live: Live | undefined; over: boolean }) {
  if (over) return <Trans>Full time</Trans>;
  if (live === undefined) return <Trans>Kicked off</Trans>;
  return (
    <>
      <Trans>live</Trans>
      {live.minute != null && ` · ${live.minute}′`}
    </>
  );
}

/** Shares a match with everybody's tips, once it has begun. */
export function ShareMatch({ match, bets, own, look = "bare" }: Props) {
  const { t } = useLingui();
  const { name } = usePool();
  const live = useLiveScore(match);
  if (match.status === "scheduled") return null;
  const result = match.record?.score ?? undefined;
  const score = result ?? live;
  const { home, draw, away } = lean(bets);
  const [first, second] = [teamName(match.home), teamName(match.away)];
  const title = score === undefined ? matchName(match) : `${first} ${score.home}:${score.away} ${second}`;
  const tips = t`Tips: ${home} for ${first}, ${draw} for a draw, ${away} for ${second}.`;
  const when = match.kickoff == null ? "" : ` · ${dated(seconds(match.kickoff))}`;
  return (
    <ShareButton
      look={look}
      name={`bolao-${match.code}`}
      text={`${title}. ${tips}`}
      picture={() => (
        <MatchPicture
          title={name}
          match={match}
          bets={bets}
          own={own}
          over={roundName(match.stage) + when}
          score={score}
          stands={<Stands live={live} over={result !== undefined} />}
        />
      )}
    />
  );
}
