// What happened, newest first: from the book, from the calendar, and from what this page saw itself.

import type { Shapes } from "../../node/client";
import { baseOf } from "../../sentences/base";
import type { Lead } from "../../sentences/lead";
import { seconds } from "../../words/time";
import type { Effects, Recorded, Told } from "./acts";
import { roundsOver } from "./rounds";

type Transaction = Shapes["TransactionBody"];
type Match = Shapes["MatchBody"];

export type Item = { key: string; at_s: number } & (
  | { is: "kickoff"; matches: Match[] }
  | { is: "result"; match: Match; record: Line; folds?: number }
  | { is: "final"; match: Match }
  | { is: "joined"; players: Shapes["PlayerRef"][] }
  | { is: "tipped"; players: Shapes["PlayerRef"][] }
  | { is: "opened"; players: Shapes["PlayerRef"][] }
  | { is: "act"; transaction: Transaction; told: Told }
  | { is: "deed"; transaction: Transaction }
  | { is: "round"; stage: string }
  | { is: "leads"; lead: Lead }
);

/** A record of a match as a line has it. */
type Line = Pick<Shapes["VersionBody"], "version" | "outcome" | "score" | "signers"> &
  Pick<Recorded, "corrects" | "corrected">;

/** So many matches that begin together are one line. */
const MANY = 4;

/** Joining, tips and openings that came so close together are one line. */
const TOGETHER_S = 180;

type Together = "joined" | "tipped" | "opened";

const kindOf = (transaction: Transaction, told: Told | null | undefined): Together | "deed" | undefined => {
  if (told === null) return undefined;
  switch (transaction.action.type) {
    case "join":
      return "joined";
    case "bet":
    case "seal":
      return "tipped";
    case "open":
    case "open_for":
      return "opened";
    case "result":
      // Once enough organisers have signed, the match itself tells it, and `before` what stood before that.
      return told?.set === false ? "deed" : undefined;
    default:
      return "deed";
  }
};

/** A record that stood before the one that a match has now. */
function before({ action }: Transaction, told: Told | null | undefined, calendar: readonly Item[]) {
  const recorded = told?.recorded;
  if (action.type !== "result" || told == null || recorded === undefined) return undefined;
  const { outcome } = action;
  const now = calendar.find((item) => item.is === "result" && item.match.no === recorded.no);
  if (now?.is !== "result" || now.record.version <= recorded.version) return undefined;
  const { match } = now;
  return { match, record: { ...recorded, outcome, score: baseOf(match).scoreOf(outcome), signers: told.signers } };
}

const owner = (transaction: Transaction): Shapes["PlayerRef"] =>
  transaction.action.type === "open_for" ? transaction.action.player : transaction.player;

/**
 * The lines of a run of transactions, the newest first. What was done before a kick-off or a result, and what was done after
 * it, is never one line. What organisers signed is told by its effect, as far as that is known.
 */
export function linesOf(
  transactions: readonly Transaction[],
  calendar: readonly Item[],
  effects: Effects = new Map(),
): Item[] {
  const between = (from_s: number, to_s: number) => calendar.some(({ at_s }) => from_s < at_s && at_s <= to_s);
  const items: Item[] = [];
  const open: Partial<Record<Together, Extract<Item, { players: unknown }>>> = {};
  for (const transaction of transactions) {
    const told = effects.get(transaction.id);
    if (transaction.block == null) continue;
    const at_s = seconds(transaction.block.time);
    const old = before(transaction, told, calendar);
    if (old !== undefined)
      items.push({ is: "result", key: `result ${old.match.no} ${old.record.version}`, at_s, ...old });
    const kind = kindOf(transaction, told);
    if (kind === undefined) continue;
    if (kind === "deed") {
      const line = { key: transaction.id, at_s, transaction };
      items.push(told == null ? { is: "deed", ...line } : { is: "act", ...line, told });
      continue;
    }
    const player = owner(transaction);
    const group = open[kind];
    if (group !== undefined && group.at_s - at_s <= TOGETHER_S && !between(at_s, group.at_s)) {
      if (!group.players.some(({ account }) => account === player.account)) group.players.push(player);
      continue;
    }
    const fresh = { is: kind, key: transaction.id, at_s, players: [player] };
    open[kind] = fresh;
    items.push(fresh);
  }
  return items;
}

/** What is told by blocks and signatures only, and nobody came for. */
export function isTechnical(item: Item): boolean {
  if (item.is === "opened" || item.is === "final") return true;
  if (item.is === "act") return !item.told.set;
  return item.is === "deed" && TECHNICAL.has(item.transaction.action.type);
}

const TECHNICAL = new Set(["stake", "unstake", "appoint", "offer", "evidence", "schedule", "day", "result"]);

/**
 * Kick-offs, results, what became final, and rounds that are over but the one that has a card; whether a result corrects another one
 * is told by the effects.
 */
export function calendarOf(
  matches: readonly Match[],
  now_s: number,
  effects: Effects = new Map(),
  onCard?: string,
): Item[] {
  const known = [...effects.values()].flatMap((told) => told?.recorded ?? []);
  const items: Item[] = [];
  const kickoffs = new Map<number, Match[]>();
  for (const match of matches) {
    if (match.kickoff != null && seconds(match.kickoff) <= now_s && !match.postponed) {
      const at_s = seconds(match.kickoff);
      kickoffs.set(at_s, [...(kickoffs.get(at_s) ?? []), match]);
    }
    const record = match.record;
    if (record == null) continue;
    const { version } = record;
    const told = known.find((it) => it.no === match.no && it.version === version);
    items.push({
      is: "result",
      key: `result ${match.no} ${version}`,
      at_s: seconds(record.since),
      match,
      record: { ...record, corrects: told?.corrects ?? version > 0, corrected: false },
    });
    if (!record.provisional && record.final_at != null) {
      items.push({ is: "final", key: `final ${match.no}`, at_s: seconds(record.final_at), match });
    }
  }
  for (const { stage, at_s } of roundsOver(matches))
    if (stage !== onCard) items.push({ is: "round", key: `round ${stage}`, at_s, stage });
  for (const [at_s, together] of kickoffs) {
    const lines = together.length < MANY ? together.map((match) => [match]) : [together];
    for (const of of lines) items.push({ is: "kickoff", key: `kickoff ${at_s} ${of[0]?.no}`, at_s, matches: of });
  }
  return items;
}

/**
 * All lines, newest first. While older transactions are still to be read, nothing from before the oldest that was read is
 * shown, so that what comes later does not slip in between.
 */
export function feed(lines: readonly Item[], calendar: readonly Item[], seen: readonly Item[], more: boolean): Item[] {
  const from_s = more ? (lines.at(-1)?.at_s ?? -Infinity) : -Infinity;
  // What one block holds stays in its order; whoever leads does so by a result.
  return [...lines, ...seen, ...calendar].filter((item) => item.at_s >= from_s).sort((a, b) => b.at_s - a.at_s);
}

/** So many records between the first one of a match and the one that stands have lines of their own. */
const FEW_RECORDS = 2;

/** The same with many corrections of one match as one line, that of the record that stands: they bury nothing else. */
export function folded(items: readonly Item[]): Item[] {
  const folds = new Map<number, number>();
  const isBetween = (item: Item): boolean => item.is === "result" && item.record.corrects && item.record.corrected;
  for (const item of items)
    if (item.is === "result" && isBetween(item)) folds.set(item.match.no, (folds.get(item.match.no) ?? 0) + 1);
  const count = ({ no }: Match): number => ((folds.get(no) ?? 0) > FEW_RECORDS ? (folds.get(no) ?? 0) : 0);
  return items.flatMap((item) => {
    if (item.is !== "result" || count(item.match) === 0) return [item];
    if (isBetween(item)) return [];
    return item.record.corrected ? [item] : [{ ...item, folds: count(item.match) }];
  });
}
