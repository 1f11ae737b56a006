// What the node says of questions and answers.

import type { Shapes } from "./client";

export type AnswersBody = Shapes["AnswersBody"];
export type Asks = Shapes["Asks"];
export type AskedBody = Shapes["Question"];
export type OutcomeBody = Shapes["OutcomeBody"];
export type QuestionBody = Shapes["QuestionBody"];
export type QuestionVote = Extract<Shapes["WaitingBody"], { type: "question" }>;

const FIRST = 0x4000;
const END = 0x8000;

/** Whether a number is a question's, and no match's. */
export const isQuestion = (no: number): boolean => no >= FIRST && no < END;

/** Where the node has what has a number. */
export const roomOf = (no: number) => (isQuestion(no) ? "questions" : "matches");
