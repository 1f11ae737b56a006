import { Trans } from "@lingui/react/macro";

import { Pill } from "../design/Pill";
import type { Shapes } from "../node/client";
import type { Live } from "../node/live";
import { Phase } from "./Phase";
import { useStage } from "./underWay";

/** Where a match is between its announcement and its end. No result is awaited of one that cannot be over yet. */
export function MatchPhase({ match, live }: { match: Shapes["MatchBody"]; live: Live | undefined }) {
  const stage = useStage(match);
  if (live === undefined && (stage === "fresh" || stage === "on"))
    return (
      <Pill look="live">
        <Trans>Under way</Trans>
      </Pill>
    );
  if (live === undefined && stage === "closed" && !match.lacks_notice)
    return (
      <Pill>
        <Trans>Tips closed</Trans>
      </Pill>
    );
  return <Phase match={match} live={live} />;
}
