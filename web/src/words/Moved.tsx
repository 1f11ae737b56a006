import { Trans } from "@lingui/react/macro";

import { useNow, usePassed } from "../node/clock";
import type { Shapes } from "../node/client";
import { namesOf } from "./Names";
import { moment, seconds } from "./time";

type Match = Pick<Shapes["MatchBody"], "moved" | "deadline" | "kickoff">;

/** How organisers changed a match's kick-off the last time, and when tips close if that is not the kick-off. */
export function Moved({ match: { moved, deadline, kickoff } }: { match: Match }) {
  const now_s = useNow(60);
  const closed_s = deadline == null ? Infinity : seconds(deadline);
  const closed = usePassed([closed_s]) >= closed_s;
  if (moved == null) return null;
  const says = (at: string) => moment(seconds(at), now_s);
  const [before, after] = [moved.kickoff_before, moved.kickoff_after];
  const names = namesOf(moved.signers);
  const was = before == null ? "" : says(before);
  const is = after == null ? "" : says(after);
  const closes = deadline == null || deadline === kickoff ? "" : says(deadline);
  return (
    <>
      {is === "" ? (
        <Trans>
          Postponed by {names}. Kick-off was planned for {was}.
        </Trans>
      ) : was === "" ? (
        <Trans>
          Rescheduled by {names} to {is}.
        </Trans>
      ) : (
        <Trans>
          {names} moved it from {was} to {is}.
        </Trans>
      )}
      {closes !== "" && (
        <> {closed ? <Trans>Tips closed {closes}, as planned.</Trans> : <Trans>Tips still close {closes}.</Trans>}</>
      )}
    </>
  );
}

/** Marks a tip that was made when a kick-off had passed that once stood, and that organisers moved later. */
export function AfterKickOff({ bet }: { bet: Pick<Shapes["BetBody"], "after_kickoff"> }) {
  return bet.after_kickoff === true ? <Trans>after first kick-off</Trans> : null;
}
