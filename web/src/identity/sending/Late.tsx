import { Plural, Trans } from "@lingui/react/macro";

import { Notice } from "../../design/Notice";
import { teamName } from "../../design/teams";
import type { SentTips } from "../../identity/sending/sendTips";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { distance, moment, seconds } from "../../words/time";

const pair = ({ home, away }: Pick<Shapes["MatchBody"], "home" | "away">): string =>
  `${teamName(home)} – ${teamName(away)}`;

/** What came too late, how late, and what is still open. */
export function Late({ late, sent, open }: SentTips & { open: Shapes["MatchBody"][] }) {
  const now_s = useNow(1);
  const [next] = open
    .flatMap(({ deadline, ...match }) => (deadline == null ? [] : [{ names: pair(match), at_s: seconds(deadline) }]))
    .sort((one, other) => one.at_s - other.at_s);
  return (
    <Notice look="bad">
      {late.map(({ match, draft }) => {
        const names = pair(match);
        const score = `${draft.home} : ${draft.away}`;
        const ago = distance(now_s - seconds(match.deadline ?? ""));
        return (
          <p key={match.code}>
            <Trans>
              {names} closed {ago} ago. Your tip {score} was not sent.
            </Trans>
          </p>
        );
      })}
      {sent.length > 0 && (
        <p>
          <Plural value={sent.length} one="The other one was sent." other="The other # were sent." />
        </p>
      )}
      {next !== undefined && <Next names={next.names} until={moment(next.at_s, now_s)} />}
    </Notice>
  );
}

function Next({ names, until }: { names: string; until: string }) {
  return (
    <p>
      <Trans>
        {names} is open until {until}.
      </Trans>
    </p>
  );
}
