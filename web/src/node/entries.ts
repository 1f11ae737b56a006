// What each entry of a list must have, so that no screen breaks over it.

import { count, either, list, maybe, object, oneOf, type Shape, text, time, whether } from "./shape";

const team = object({ name: text, code: maybe(text) });
const player = object({ account: text, name: maybe(text) });
const match = object({ no: count, code: text });
const score = maybe(object({ home: count, away: count }));

/** A record of a match, whatever its status. */
export const outcome = object({
  status: text,
  half_time: score,
  after_90: score,
  after_120: score,
  shootout: score,
  advances: maybe(text),
  reason: maybe(text),
});

const day = maybe(object({ begins: time, ends: time }));
const fixture = { no: count, code: text, home: team, away: team, kickoff: maybe(time), stage: text };

export const matchEntry = object({
  ...fixture,
  day,
  deadline: maybe(time),
  status: text,
  postponed: whether,
  bets: count,
  unopened: count,
  pot: count,
  record: maybe(
    object({
      outcome,
      score,
      signers: list(player),
      since: time,
      final_at: maybe(time),
      objections: count,
      version: count,
      provisional: whether,
    }),
  ),
  moved: maybe(
    object({
      kickoff_before: maybe(time),
      kickoff_after: maybe(time),
      signers: list(player),
      height: count,
      time,
    }),
  ),
});

export const roundEntry = object({
  stage: text,
  matches: list(match),
  first_kickoff: maybe(time),
  last_kickoff: maybe(time),
});

export const betEntry = object({
  match,
  player,
  score,
  commitment: maybe(text),
  sealed: whether,
  stake: count,
  time,
  after_kickoff: maybe(whether),
  transaction: text,
});

export const playerEntry = object({ account: text, name: text, chips: count });

const waiting = object({ id: text, match, signatures_needed: count, signers: list(player) });

const signed = either(
  object({ type: oneOf("schedule"), fixture: object(fixture) }),
  object({ type: oneOf("day"), day }),
  object({ type: oneOf("result"), outcome }),
  // What this page does not know is shown as such.
  object({ type: (it) => text(it) && !["schedule", "day", "result"].includes(it as string) }),
);

const goals: Shape = (it) => count(it) && (it as number) < 100;

/** The scores of matches that are played now. */
export const livesAnswer = object({
  items: list(
    object({ match, home: goals, away: goals, minute: maybe(count), at: time, from: text, word: maybe(object({})) }),
  ),
});

const standingEntry = object({ place: count, before: maybe(count), player, points: count });

/** The table as it would stand. */
export const liveTable = object({ items: list(standingEntry) });

/** What organisers did. */
export const logAnswer = object({
  items: list(
    object({
      seq: count,
      match: maybe(match),
      signers: list(player),
      said: maybe(list(object({ template: text }))),
      height: count,
      time,
    }),
  ),
});

/** The organisers, and what waits for their signatures. */
export const organisersAnswer = object({
  organisers: list(player),
  waiting: list(object({ player, added: whether, signers: list(player) })),
  addresses: list(object({ address: text, signers: list(player) })),
});

/** Which validators were heard from. */
export const attendanceAnswer = object({
  validators: list(object({ account: text, away: whether, last_vote: maybe(object({ time })) })),
});

/** The lists that the node reads from the web. */
export const sourcesAnswer = object({
  on: whether,
  competition: maybe(text),
  ready: count,
  sources: list(object({ name: text, heard: maybe(time), problem: maybe(text) })),
  waiting: list(object({ match, score: maybe(text), sources: list(text), why: text })),
});

/** The competitions whose lists the node knows. */
export const competitionsAnswer = list(object({ code: text, name: text, words: text }));

/** A signature that waits. */
export const waitingEntry: Shape = (it) => waiting(it) && signed(it);
