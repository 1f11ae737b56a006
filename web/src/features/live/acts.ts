// What became of what organisers signed. One signature of several only proposes; the one that completes them sets it. The
// node's log knows which is which.

import type { Shapes } from "../../node/client";
import { seconds } from "../../words/time";

type Act = Shapes["ActBody"];
type Fixture = Shapes["FixtureBody"];
type Vote = Shapes["WaitingBody"];

/** What a schedule does to the match: `unknown` where it is not known how the match stood before. */
export type News = "added" | "moved" | "off" | "changed" | "unknown";

/** What a transaction of an organiser did. */
export interface Told {
  /** Whether it took effect. */
  set: boolean;
  /** Who signed alike, the first one first. */
  signers: Shapes["PlayerRef"][];
  news: News;
  /** How many signatures it waits for now. */
  missing: number;
  /** What it recorded, if it is a result that took effect. */
  recorded?: Recorded;
}

/** A record of a match among those before and after it. */
export interface Recorded {
  no: number;
  /** How many records there were before. */
  version: number;
  /** Whether it took the place of a result that stood. */
  corrects: boolean;
  /** Whether another one has taken its place. */
  corrected: boolean;
}

/** The same for every transaction of these by its id; `null` where another line tells it. */
export type Effects = ReadonlyMap<string, Told | null>;

/** The kick-offs with which the pool was made, by the number of the match. */
type Made = ReadonlyMap<number, number | null>;

/** Transactions whose effect the log tells. */
export const isSigned = (type: string): boolean => type === "schedule" || type === "day" || type === "result";

/** What is signed: of which match, and its content, which another one signs to the letter. */
function contentOf(act: Act): { no: number; content: string } | undefined {
  if (act.type === "schedule") return { no: act.fixture.no, content: JSON.stringify(act.fixture) };
  if (act.match == null) return undefined;
  if (act.type === "day") return { no: act.match.no, content: JSON.stringify(act.day ?? null) };
  if (act.type === "result") return { no: act.match.no, content: JSON.stringify(act.outcome) };
  return undefined;
}

const kickoffOf = ({ kickoff }: Fixture): number | null => (kickoff == null ? null : seconds(kickoff));

function newsOf(act: Act, before: number | null | undefined, made: Made | undefined): News {
  if (act.type !== "schedule" || made === undefined) return "unknown";
  if (before === undefined) return "added";
  const after = kickoffOf(act.fixture);
  if (after === before) return "changed";
  return after === null ? "off" : "moved";
}

/** What every act of the log did, the newest first, with what waits for signatures and what the pool was made with. */
export function effectsOf(log: readonly Act[], waiting: readonly Vote[], made: Made | undefined): Effects {
  const effects = new Map<string, Told | null>();
  const proposed = new Map<number, { act: Act; content: string; told: Told }[]>();
  const stands = new Map<number, { content: string; putOff: boolean; recorded: Recorded }>();
  const versions = new Map<number, number>();
  const kickoffs = new Map(made);
  for (const act of [...log].reverse()) {
    const signed = contentOf(act);
    if (signed === undefined) continue;
    const { no, content } = signed;
    const others = proposed.get(no) ?? [];
    const alike = others.filter((it) => it.act.type === act.type && it.content === content);
    const news = newsOf(act, kickoffs.get(no), made);
    if (act.took_effect) {
      for (const it of alike) effects.set(it.act.transaction, null);
      const first = alike.map((it) => it.act.organiser).filter(({ account }) => account !== act.organiser.account);
      const told: Told = { set: true, signers: [...first, act.organiser], news, missing: 0 };
      effects.set(act.transaction, told);
      // What takes effect on a match spends every signature on it.
      proposed.delete(no);
      if (act.type === "result") {
        const before = stands.get(no);
        // What becomes of a match that was put off corrects nothing.
        const corrects = before?.putOff === false;
        if (corrects) before.recorded.corrected = true;
        const version = versions.get(no) ?? 0;
        versions.set(no, version + 1);
        told.recorded = { no, version, corrects, corrected: false };
        const putOff = act.outcome.status === "postponed";
        // A new date is news, also where it is the old one.
        if (putOff) kickoffs.set(no, null);
        stands.set(no, { content, putOff, recorded: told.recorded });
      }
      // A match that is scheduled anew is put off no more.
      else if (stands.get(no)?.putOff === true) stands.delete(no);
      if (act.type === "schedule") kickoffs.set(no, kickoffOf(act.fixture));
    } else if (act.type === "result" && stands.get(no)?.content === content) {
      // One more signature of the record, which names its signers.
      effects.set(act.transaction, null);
      proposed.set(
        no,
        others.filter((it) => !isBy(it.act, act)),
      );
    } else {
      const told = { set: false, signers: [act.organiser], news, missing: 0 };
      effects.set(act.transaction, told);
      proposed.set(no, [...others.filter((it) => !isBy(it.act, act)), { act, content, told }]);
    }
  }
  for (const [no, those] of proposed) for (const { act, told } of those) told.missing = missing(act, no, waiting);
  return effects;
}

/** The same while the log is read anew: what it does not have yet is told once it does. */
export const heldBack = (effects: Effects, transactions: readonly Shapes["TransactionBody"][]): Effects =>
  new Map([
    ...transactions.filter(({ action }) => isSigned(action.type)).map(({ id }) => [id, null] as const),
    ...effects,
  ]);

/** Whether one organiser has signed both, so that the second one stands alone. */
const isBy = (one: Act, other: Act): boolean =>
  one.type === other.type && one.organiser.account === other.organiser.account;

function missing(act: Act, no: number, waiting: readonly Vote[]): number {
  const vote = waiting.find(
    (it) =>
      it.type === act.type && it.match.no === no && it.signers.some(({ account }) => account === act.organiser.account),
  );
  return vote === undefined ? 0 : Math.max(0, vote.signatures_needed - vote.signers.length);
}

/** The kick-offs of a genesis file, if it is one. */
export function madeWith(genesis: unknown): Made | undefined {
  const matches = (genesis as { matches?: unknown } | null | undefined)?.matches;
  if (!Array.isArray(matches)) return undefined;
  const those = matches as { no?: unknown; kickoff?: unknown }[];
  return new Map(
    those.flatMap(({ no, kickoff }) =>
      typeof no === "number" ? [[no, typeof kickoff === "number" ? kickoff : null] as const] : [],
    ),
  );
}
