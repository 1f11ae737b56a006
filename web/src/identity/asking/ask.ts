// A question while an organiser writes it.

import type { Question } from "../assent/kinds";
import type { NodeQuestion, QuestionVote } from "../../node/questions";
import { localSeconds, localText, seconds } from "../../words/time";

/** What is typed; all else is as the template has it. */
export interface QuestionDraft extends Pick<NodeQuestion, "code" | "text" | "slots" | "asks"> {
  /** As a field for local time has it. */
  closes: string;
  points: string;
  /** What can be chosen, one a line. */
  options: string;
}

export const draftOf = ({ code, text, slots, asks, closes, points }: NodeQuestion): QuestionDraft => ({
  code,
  text,
  slots,
  asks,
  closes: localText(seconds(closes)),
  points: String(points),
  options: asks.kind === "choice" ? asks.options.join("\n") : "",
});

export const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const MOST_POINTS = 1000;
const MOST_OPTIONS = 256;
const LONGEST_OPTION = 64;

/** Whether a player can choose from a list. */
const isSound = (options: readonly string[], slots: number): boolean =>
  options.length >= Math.max(2, slots) &&
  options.length <= MOST_OPTIONS &&
  options.every((option) => option.length <= LONGEST_OPTION) &&
  new Set(options).size === options.length;

/** The question that a draft says; `undefined` while something is missing. `before`: as it stands, where it is no new one. */
export function questionOf(draft: QuestionDraft, no: number, before?: NodeQuestion): Question | undefined {
  const { code, slots, asks } = draft;
  const text = draft.text.trim();
  // Seconds of a time that nobody touched are kept.
  const untouched = before !== undefined && localText(seconds(before.closes)) === draft.closes;
  const closes = untouched ? seconds(before.closes) : localSeconds(draft.closes);
  const points = /^\d{1,4}$/.test(draft.points) ? Number(draft.points) : 0;
  if (text === "" || closes === null || points < 1 || points > MOST_POINTS) return undefined;
  if (asks.kind === "number")
    return { no, code, text, closes, points, slots, asks: { ...asks, near: asks.near.filter((it) => it <= points) } };
  const options = linesOf(draft.options);
  return isSound(options, slots) ? { no, code, text, closes, points, slots, asks: { ...asks, options } } : undefined;
}

/** A transaction holds 4,096 bytes; some are those of its frame. */
const MOST_BYTES = 3900;

/** Whether it is too long to be signed. */
export function isLong({ text, asks }: Question): boolean {
  const texts = [text, ...(asks.kind === "choice" ? asks.options : [])];
  return texts.reduce((sum, one) => sum + new TextEncoder().encode(one).length + 4, 0) > MOST_BYTES;
}

const FIRST = 0x4000;
/** Behind the last number. */
const END = 0x8000;
/** The most slots of a question. */
const MOST_SLOTS = 32;

type Numbered = Pick<NodeQuestion, "no" | "slots">;

/**
 * The first number of a new question: that under which another organiser has proposed one with its code, so that the signatures add
 * up; else the next behind all that are there or wait, or where these leave none, the first with room behind one of them.
 */
export function numberFor(code: string, questions: readonly Numbered[], votes: readonly QuestionVote[]): number {
  const proposed = votes.map(({ question }) => question);
  const isNew = ({ no }: Numbered): boolean => questions.every((it) => it.no !== no);
  const same = proposed.find((it) => it.code.toLowerCase() === code.toLowerCase() && isNew(it));
  if (same !== undefined) return same.no;
  const all = [...questions, ...proposed];
  const ends = [FIRST, ...all.map(({ no, slots }) => no + slots)].sort((one, other) => one - other);
  const hasRoom = (at: number): boolean =>
    at + MOST_SLOTS <= END && all.every(({ no, slots }) => no + slots <= at || at + MOST_SLOTS <= no);
  const behind = Math.max(...ends);
  return hasRoom(behind) ? behind : (ends.find(hasRoom) ?? behind);
}
