import type { Shapes } from "../../node/client";
import { standing } from "../../node/record";

type Match = Shapes["MatchBody"];

/** Whether the result of a match is in doubt: somebody has objected, or another one lacks signatures. */
export function isContested(match: Match, waiting: readonly Shapes["WaitingBody"][]): boolean {
  const record = standing(match);
  if (record?.provisional !== true) return false;
  return record.objections > 0 || waiting.some((it) => it.type === "result" && it.match.no === match.no);
}
