// The moments of matches that can be watched: where the show of one waits for its player.

import { type Moment, useHasSeen } from "../device/seen";
import { useNow } from "../node/clock";
import type { Shapes } from "../node/client";
import { standing } from "../node/record";
import { seconds } from "../words/time";

type Match = Shapes["MatchBody"];

/** What is longer ago is history. */
const FRESH_S = 36 * 3600;

/** What there is to watch of a match, and since when; nothing before its kick-off, nor of one that is not played. */
function momentOf(match: Match): { is: Moment; since_s: number } | undefined {
  const record = standing(match);
  if (record !== undefined)
    return record.score == null ? undefined : { is: "fulltime", since_s: seconds(record.since) };
  if (match.status === "scheduled" || match.postponed || match.kickoff == null || match.bets === 0) return undefined;
  return { is: "kickoff", since_s: seconds(match.kickoff) };
}

/** Of these matches, by code, those with a moment of late that nobody at this device has watched. */
export function useFreshMoments(matches: readonly Match[]): ReadonlyMap<string, Moment> {
  const saw = useHasSeen();
  const now_s = useNow(60);
  return new Map(
    matches.flatMap((match): [string, Moment][] => {
      const moment = momentOf(match);
      const fresh = moment !== undefined && now_s - moment.since_s < FRESH_S && !saw(match.code, moment.is);
      return fresh ? [[match.code, moment.is]] : [];
    }),
  );
}
