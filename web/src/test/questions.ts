// Questions as the node has them, for tests.

import type { AnswersBody, QuestionBody } from "../node/questions";

export const CLOSES = "2090-01-01T12:00:00Z";

export const TEAMS = ["Brazil", "Portugal", "Spain", "France"];

export const questionOf = (more: Partial<QuestionBody> = {}): QuestionBody => ({
  no: 0x4000,
  code: "champion",
  text: "Who becomes champion?",
  closes: CLOSES,
  changeable_until: CLOSES,
  points: 10,
  slots: 1,
  asks: { kind: "choice", options: TEAMS, perfect: 0 },
  status: "open",
  answered: 0,
  unopened: 0,
  ...more,
});

export const NUMBER = questionOf({
  no: 0x4010,
  code: "goals",
  text: "How many goals?",
  asks: { kind: "number", least: 0, most: 400, near: [5, 3] },
});

export const SEMIS = questionOf({
  no: 0x4020,
  code: "semis",
  text: "Who reaches the semi-finals?",
  slots: 2,
  points: 4,
  asks: { kind: "choice", options: TEAMS, perfect: 4 },
});

/** A record by Ana that can still be corrected. */
export const recordOf = (right: number[]): NonNullable<QuestionBody["record"]> => ({
  version: 0,
  outcome: { status: "answered", right },
  signers: [{ account: "ana", name: "Ana" }],
  since: "2026-01-01T12:00:00Z",
  final_at: "2090-01-01T12:00:00Z",
  provisional: true,
  objections: 0,
});

/** What somebody answered, slot by slot; `null`: hidden. */
export const answersOf = (name: string, given: (number | null)[], points?: number, of = questionOf()): AnswersBody => ({
  question: { no: of.no, code: of.code, kind: "question" },
  player: { account: name.toLowerCase(), name },
  points: points ?? null,
  provisional: true,
  answers: given.map((answer) => ({
    answer,
    sealed: answer === null,
    height: 5,
    state: "final",
    time: "2026-01-01T12:00:00Z",
    transaction: `t-${name}`,
  })),
});
