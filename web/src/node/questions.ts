// What the node says of questions and answers.

import type { Shapes } from "./client";

export type AnswersBody = Shapes["AnswersBody"];
export type Asks = Shapes["Asks"];
export type NodeQuestion = Shapes["Question"];
export type OutcomeBody = Shapes["OutcomeBody"];
export type QuestionBody = Shapes["QuestionBody"];
export type QuestionVote = Extract<Shapes["WaitingBody"], { type: "question" }>;

/** A match or a question, in short or with all that the node says of it. */
export type Item = Shapes["MatchRef"] | QuestionBody;

/** Whether it is a question, or an answer's place in one. */
export const isQuestion = (of: Item): boolean => "asks" in of || of.kind === "question";

/** Where the node has it. */
export const roomOf = (of: Item) => (isQuestion(of) ? "questions" : "matches");
