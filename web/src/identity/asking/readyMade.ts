// The questions that a new pool of a competition asks, unless somebody says no.

import type { Question } from "../assent/kinds";
import { isLong, questionOf } from "./ask";
import { filled, type Known, type Template } from "./templates";

/** The codes of competitions that end with a final. */
const CUP = /^(worldcup|euro|clubworldcup|uefa|copa)\.|\.cup\./;

/** What organisers give notice of in a pool that the first run makes. */
const NOTICE_S = 43_200;

/** The question of a template; `undefined` where too few teams are known, no kick-off is late enough, or it is too long to be signed. */
export function readyQuestion(template: Template, known: Known, no: number): Question | undefined {
  const question = questionOf(filled(template, known), no);
  if (question === undefined || isLong(question)) return undefined;
  const { asks, slots } = question;
  return asks.kind === "choice" && asks.options.length <= slots ? undefined : question;
}

/** What can be asked of a competition, by its code, and what is still to be played of it. */
export function readyMade(code: string, matches: Known["matches"], now_s: number): Template[] {
  const templates: Template[] = CUP.test(code) ? ["champion", "semis", "scorer"] : ["champion", "scorer", "goals"];
  return templates.filter((one) => readyQuestion(one, { matches, now_s, notice_s: NOTICE_S }, 0) !== undefined);
}
