// What takes tips: matches, and the slots of questions.

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { matchName } from "../design/teams";
import { queries, type Shapes } from "../node/client";
import { matchesOptions, questionsOptions, useQuestions } from "../node/queries";
import type { QuestionBody } from "../node/questions";
import { seconds } from "../words/time";
import { answerName, answerOf, predictionOfAnswer, slotsOf, whichSlot } from "./answers/answer";
import type { Prediction } from "../rules";
import { predictionOf, saysOf, type Held, type Whole } from "./drafts/draft";
import { whichOf } from "./drafts/drafts";
import { type Book, here } from "./sending/ground";

/** Something that takes tips. */
export interface Tippable {
  /** Its number, which is signed. */
  no: number;
  code: string;
  /** All that a tip on it rests on: a draft on another is none. */
  which: string;
  /** It takes tips while it is `scheduled`, until its deadline. */
  status: string;
  deadline?: string | null;
  /** When it is, in unix seconds, as far as that is known. */
  at_s: number | null;
  /** Its name, and how a tip on it reads, with what stands between the goals. */
  name: string;
  says: (held: Held, colon?: string) => string;
  /** What is signed of a whole draft. */
  predicts: (draft: Whole) => Prediction;
}

const secondsOf = (at: string | null | undefined): number | null => (at == null ? null : seconds(at));

export const ofMatch = (match: Shapes["MatchBody"]): Tippable => ({
  no: match.no,
  code: match.code,
  which: whichOf(match),
  status: match.status,
  deadline: match.deadline ?? null,
  at_s: secondsOf(match.kickoff ?? match.day?.begins),
  name: matchName(match),
  says: (held, colon) => saysOf(held, colon, match),
  predicts: predictionOf,
});

const ofQuestion = (question: QuestionBody): Tippable[] =>
  slotsOf(question).map((no) => ({
    no,
    code: question.code,
    which: whichSlot(question, no),
    status: question.status === "open" ? "scheduled" : question.status,
    deadline: question.closes,
    at_s: seconds(question.closes),
    name: question.text,
    says: (held) => answerName(question.asks, answerOf(held) ?? 0),
    predicts: (draft) => predictionOfAnswer(question.asks, answerOf(draft) ?? 0),
  }));

const ofAll = (matches: readonly Shapes["MatchBody"][], questions: readonly QuestionBody[] = []): Tippable[] => [
  ...matches.map(ofMatch),
  ...questions.flatMap(ofQuestion),
];

/** All of it as it was shown last, or as the node has it. */
export async function tippableNow(): Promise<Tippable[]> {
  const [matches, questions] = [matchesOptions(), questionsOptions()];
  return ofAll(
    queries.getQueryData(matches.queryKey) ?? (await queries.query(matches)),
    queries.getQueryData(questions.queryKey) ?? (await queries.query(questions)),
  );
}

export function useTippable(enabled = true): Tippable[] | undefined {
  const { data: matches } = useQuery({ ...matchesOptions(), enabled });
  const { data: questions } = useQuestions(enabled);
  return useMemo(() => matches && ofAll(matches, questions), [matches, questions]);
}

const MATCHES = "/api/v1/matches?limit=500";
const QUESTIONS = "/api/v1/questions?limit=500";

type Ask = <Answer>(path: string) => Promise<Answer | undefined>;

async function whichBy(ask: Ask): Promise<Set<string> | undefined> {
  const [matches, questions] = await Promise.all([
    ask<Shapes["Page_MatchBody"]>(MATCHES),
    ask<{ items: QuestionBody[] }>(QUESTIONS),
  ]);
  return matches && new Set(ofAll(matches.items, questions?.items).map(({ which }) => which));
}

/** What of it the book has, by `which`; `undefined` where it was not read. `now`: it is read for that, whatever device this is. */
export const tippableOnChain = (now: boolean, { own }: Book = here.book): Promise<Set<string> | undefined> =>
  whichBy((path) => own(path, now));

/** The same, by the book as it was read in the last minutes. */
export const tippableLately = ({ ownLately }: Book = here.book): Promise<Set<string> | undefined> => whichBy(ownLately);
