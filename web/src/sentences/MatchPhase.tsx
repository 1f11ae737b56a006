import { Trans } from "@lingui/react/macro";

import { Pill } from "../design/Pill";
import type { Status } from "../identity/assent/acts";
import type { Shapes } from "../node/client";
import { useNow } from "../node/clock";
import type { Live } from "../node/live";
import { standing } from "../node/record";
import { seconds, span } from "../words/time";
import { STATUS_WORDS } from "./Outcome";
import { useStage } from "./underWay";

const SOON_S = 3 * 3600;

/** Where a match is between its announcement and its end. No result is awaited of one that cannot be over yet. */
export function MatchPhase({ match, live }: { match: Shapes["MatchBody"]; live: Live | undefined }) {
  const stage = useStage(match);
  const now_s = useNow(match.status === "scheduled" ? 1 : 60);
  if (live !== undefined) {
    const { minute } = live;
    return <Pill look="live">{minute == null ? <Trans>Live</Trans> : <Trans>Live · {minute} min</Trans>}</Pill>;
  }
  if (stage === "fresh" || stage === "on")
    return (
      <Pill look="live">
        <Trans>Under way</Trans>
      </Pill>
    );
  if (stage === "closed" && !match.lacks_notice)
    return (
      <Pill>
        <Trans>Tips closed</Trans>
      </Pill>
    );
  const record = standing(match);
  if (record !== undefined) {
    const status = record.outcome.status as Status;
    return <Pill>{status === "played" ? <Trans>Full time</Trans> : STATUS_WORDS[status]}</Pill>;
  }
  if (match.deadline == null)
    return (
      <Pill>
        <Trans>No kick-off time yet</Trans>
      </Pill>
    );
  const left_s = seconds(match.deadline) - now_s;
  if (match.lacks_notice && left_s > 0)
    return (
      <Pill>
        <Trans>No tips: added too late</Trans>
      </Pill>
    );
  if (match.status !== "scheduled" || left_s <= 0)
    return (
      <Pill>
        <Trans>Awaiting result</Trans>
      </Pill>
    );
  const time = span(left_s);
  return (
    <Pill look={left_s < SOON_S ? "hot" : "plain"}>
      {match.deadline === match.kickoff ? <Trans>Kick-off in {time}</Trans> : <Trans>Tips close in {time}</Trans>}
    </Pill>
  );
}
