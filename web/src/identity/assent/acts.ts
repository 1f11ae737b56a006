// What the node says that organisers have signed, as acts: another signs the same to the letter.

import type { Shapes } from "../../node/client";
import type { Act, Day, Fixture, Outcome } from "../../rules";
import { seconds } from "../../words/time";

/** What only organisers sign. */
export type AdminAction = Extract<Act, { type: "schedule" | "day" | "result" | "appoint" | "organiser" | "address" }>;

export const STATUSES = ["played", "cancelled", "postponed", "abandoned", "awarded"] as const;
export type Status = (typeof STATUSES)[number];

const isStatus = (status: string): status is Status => STATUSES.some((it) => it === status);

const team = ({ name, code }: Shapes["TeamBody"]): Fixture["home"] => (code == null ? { name } : { name, code });

/** A match as it is scheduled. */
export const scheduled = (body: Shapes["FixtureBody"]): Fixture => ({
  no: body.no,
  code: body.code,
  home: team(body.home),
  away: team(body.away),
  kickoff: body.kickoff == null ? null : seconds(body.kickoff),
  stage: body.stage,
});

export const dayOf = ({ begins, ends }: Shapes["DayBody"]): Day => ({ begins: seconds(begins), ends: seconds(ends) });

/** A result; `undefined` where it is of a kind that this page does not know. */
export function recorded(body: Shapes["OutcomeBody"]): Outcome | undefined {
  const { status, advances, ...rest } = body;
  if (!isStatus(status)) return undefined;
  const side: Pick<Outcome, "advances"> = advances === "home" || advances === "away" ? { advances } : {};
  const known = Object.entries(rest).filter(([, value]) => value !== null);
  return { status, ...Object.fromEntries(known), ...side };
}

/** What some have signed of a match; `undefined` where this page does not know it. */
export function actOf(vote: Shapes["SignedBody"] & { match: Pick<Shapes["MatchRef"], "no"> }): AdminAction | undefined {
  const match_no = vote.match.no;
  if (vote.type === "schedule") return { type: "schedule", fixture: scheduled(vote.fixture) };
  if (vote.type === "day") return { type: "day", match_no, day: vote.day == null ? null : dayOf(vote.day) };
  if (vote.type !== "result") return undefined;
  const outcome = recorded(vote.outcome);
  return outcome && { type: "result", match_no, outcome };
}
