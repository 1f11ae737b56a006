// What became of what organisers signed. One signature of several only proposes; the one that completes them sets it. The
// node's log knows which is which.

import { aboutOf, contentOf, kindOf } from "../../identity/assent/kinds";
import type { Shapes } from "../../node/client";

type Act = Shapes["ActBody"];
type Vote = Shapes["WaitingBody"];

/** What a transaction of an organiser did. */
export interface Told {
  /** Whether it took effect. */
  set: boolean;
  /** Who signed alike, the first one first. */
  signers: Shapes["PlayerRef"][];
  /** What it changed, in sentences. */
  said: readonly unknown[];
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

/** Transactions whose effect the log tells. */
export const isSigned = (type: string): boolean => kindOf(type) !== undefined;

/** What every act of the log did, the newest first, with what waits for signatures. */
export function effectsOf(log: readonly Act[], waiting: readonly Vote[]): Effects {
  const effects = new Map<string, Told | null>();
  const proposed = new Map<string, { act: Act; content: string; told: Told }[]>();
  const stands = new Map<string, { content: string; putOff: boolean; recorded: Recorded }>();
  const versions = new Map<string, number>();
  for (const act of [...log].reverse()) {
    const [about, content] = [aboutOf(act), contentOf(act)];
    const others = proposed.get(about) ?? [];
    const alike = others.filter((it) => it.act.type === act.type && it.content === content);
    const rest = others.filter((it) => !isBy(it.act, act));
    const told: Told = { set: act.effect != null, signers: act.signers, said: act.said ?? [], missing: 0 };
    effects.set(act.transaction, told);
    if (told.set) {
      for (const it of alike) effects.set(it.act.transaction, null);
      // What takes effect on a match spends every signature on it.
      proposed.delete(about);
      if (act.type === "result") {
        const before = stands.get(about);
        // What becomes of a match that was put off corrects nothing.
        const corrects = before?.putOff === false;
        if (corrects) before.recorded.corrected = true;
        const version = versions.get(about) ?? 0;
        versions.set(about, version + 1);
        told.recorded = { no: act.about?.no ?? 0, version, corrects, corrected: false };
        const putOff = act.outcome.status === "postponed";
        stands.set(about, { content, putOff, recorded: told.recorded });
      }
      // A match that is scheduled anew is put off no more.
      else if (stands.get(about)?.putOff === true) stands.delete(about);
    } else if (act.type === "result" && stands.get(about)?.content === content) {
      // One more signature of the record, which names its signers.
      effects.set(act.transaction, null);
      proposed.set(about, rest);
    } else proposed.set(about, [...rest, { act, content, told: Object.assign(told, { signers: [act.organiser] }) }]);
  }
  for (const those of proposed.values()) for (const { act, told } of those) told.missing = missing(act, waiting);
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

function missing(act: Act, waiting: readonly Vote[]): number {
  const vote = waiting.find(
    (it) =>
      it.type === act.type &&
      aboutOf(it) === aboutOf(act) &&
      it.signers.some(({ account }) => account === act.organiser.account),
  );
  return vote === undefined ? 0 : Math.max(0, vote.signatures_needed - vote.signers.length);
}
