// What the node says that a newer list changes: whether it can be read at all.

import type { Shapes } from "../../../node/client";
import { outcome } from "../../../node/entries";
import { count, either, list, maybe, object, oneOf, text, time, Unreadable, whether } from "../../../node/shape";

export type Plan = Shapes["PlanBody"];
export type Planned = Shapes["PlannedBody"];

const team = object({ name: text, code: maybe(text) });
const fixture = object({ no: count, code: text, home: team, away: team, kickoff: maybe(text), stage: text });

const SHOWN = ["schedule", "day", "result"];

const signed = either(
  object({ type: oneOf("schedule"), fixture }),
  object({ type: oneOf("day"), day: maybe(object({ begins: text, ends: text })) }),
  object({ type: oneOf("result"), outcome }),
  // What this page does not know is shown as such, and not signed.
  object({ type: (it) => text(it) && !SHOWN.includes(it as string) }),
);

const doubt = either(
  object({ why: oneOf("other_teams"), pool: list(text), file: list(text) }),
  object({ why: oneOf("no_time"), date: text }),
  object({ why: oneOf("other_day"), date: text, kickoff: time }),
  object({ why: oneOf("perhaps"), code: text }),
  object({ why: oneOf("twin"), code: text, turned: whether }),
  object({ why: oneOf("alike"), name: text, meant: text }),
  object({ why: oneOf("late"), bets: count }),
  object({ why: oneOf("full"), room: count }),
  object({ why: oneOf("who_goes_on") }),
  object({ why: oneOf("no_record"), reason: text }),
);

const plan = object({
  name: text,
  matches: count,
  known: count,
  zone: maybe(text),
  left_out: list(text),
  warnings: list(text),
  not_in_file: list(text),
  changes: list(
    object({
      match: object({ no: count, code: text }),
      teams: maybe(list(text)),
      signs: list(signed),
      verdict: oneOf("sign", "signed", "doubt", "refused"),
      doubt: maybe(doubt),
      code: maybe(text),
      detail: maybe(text),
    }),
  ),
});

/** The node's answer, if it is one. */
export function planOf(answer: unknown): Plan {
  if (plan(answer)) return answer as Plan;
  throw new Unreadable("the node’s plan has another shape");
}
