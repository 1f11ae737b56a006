// What the node says of matches, as organisers sign it.

import type { Shapes } from "../../node/client";
import type { Day, Fixture, Outcome } from "../../rules";
import { seconds } from "../../words/time";

export const STATUSES = ["played", "cancelled", "postponed", "abandoned", "awarded"] as const;
export type Status = (typeof STATUSES)[number];

const isStatus = (status: string): status is Status => STATUSES.some((it) => it === status);

const team = ({ name, code }: Shapes["Team"]): Fixture["home"] => (code == null ? { name } : { name, code });

/** A match as it is scheduled. */
export const scheduled = (body: Shapes["Fixture"]): Fixture => ({
  no: body.no,
  code: body.code,
  home: team(body.home),
  away: team(body.away),
  kickoff: body.kickoff == null ? null : seconds(body.kickoff),
  stage: body.stage,
});

export const dayOf = ({ begins, ends }: Shapes["Day"]): Day => ({ begins: seconds(begins), ends: seconds(ends) });

/** A result; `undefined` where it is of a kind that this page does not know. */
export function recorded(body: Shapes["OutcomeBody"]): Outcome | undefined {
  const { status, advances, ...rest } = body;
  if (!isStatus(status)) return undefined;
  const side: Pick<Outcome, "advances"> = advances === "home" || advances === "away" ? { advances } : {};
  const known = Object.entries(rest).filter(([, value]) => value !== null);
  return { status, ...Object.fromEntries(known), ...side };
}
