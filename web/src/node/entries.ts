// What each entry of a list must have, so that no screen breaks over it.

import { count, either, list, maybe, object, oneOf, type Shape, text, time, whether } from "./shape";

const team = object({ name: text, code: maybe(text) });
const player = object({ account: text, name: maybe(text) });
const match = object({ no: count, code: text });
const score = maybe(object({ home: count, away: count }));

/** A record of a match or of a question, whatever its status. */
export const outcome = object({
  status: text,
  half_time: score,
  after_90: score,
  after_120: score,
  shootout: score,
  advances: maybe(text),
  reason: maybe(text),
  right: maybe(list(count)),
});

const signers = list(player);
const record = {
  outcome,
  signers,
  since: time,
  final_at: maybe(time),
  objections: count,
  version: count,
  provisional: whether,
};

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
  record: maybe(object({ ...record, score })),
  moved: maybe(
    object({
      kickoff_before: maybe(time),
      kickoff_after: maybe(time),
      signers,
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

/** A record that stands or stood, and what was said against one. */
export const versionEntry = object({ outcome, signers, version: count, time });
export const objectionEntry = object({ player, text, version: count });

const MOST_SLOTS = 32;
const asked = {
  no: count,
  code: text,
  text,
  closes: time,
  points: count,
  slots: (it: unknown) => count(it) && (it as number) <= MOST_SLOTS,
  asks: either(
    object({ kind: oneOf("choice"), options: list(text), misplaced: maybe(count), perfect: count }),
    object({ kind: oneOf("number"), least: count, most: count, near: list(count) }),
  ),
};

export const questionEntry = object({
  ...asked,
  status: text,
  answered: count,
  unopened: count,
  record: maybe(object(record)),
});

export const answersEntry = object({
  question: match,
  player,
  points: maybe(count),
  answers: list(maybe(object({ answer: maybe(count), sealed: whether, height: count, transaction: text }))),
});

export const playerEntry = object({ account: text, name: text, chips: count });

const waiting = object({ id: text, about: match, signatures_needed: count, signers });

const signed = either(
  object({ type: oneOf("schedule"), fixture: object(fixture) }),
  object({ type: oneOf("day"), day }),
  object({ type: oneOf("result"), outcome }),
  object({ type: oneOf("question"), question: object(asked) }),
  // What this page does not know is shown as such.
  object({ type: (it) => text(it) && !["schedule", "day", "result", "question"].includes(it as string) }),
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
export const actEntry = object({
  seq: count,
  about: maybe(match),
  signers,
  said: maybe(list(object({ template: text }))),
  height: count,
  time,
});

/** The organisers, and what waits for their signatures. */
export const organisersAnswer = object({
  organisers: list(player),
  waiting: list(object({ player, added: whether, signers })),
  addresses: list(object({ address: text, signers })),
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
