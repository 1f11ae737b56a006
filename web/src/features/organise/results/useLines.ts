// Matches without a result, each with what would be confirmed of it: what was typed here, or else what the lists from the web have.

import { useState } from "react";

import { lacksResult } from "../../../identity/assent/overdue";
import type { ReportedAdminAction } from "../../../identity/assent/onChain";
import type { Shapes } from "../../../node/client";
import type { Outcome } from "../../../rules";
import { inOrder } from "../matches/fixture";
import type { Compared } from "../matches/compare";
import { canSign, type Change } from "../matches/reimport";
import { draftOf, isEmpty, NO_RESULT, outcomeOf, resultOf, type Match, type ResultDraft } from "../outcome";
import { isLeg, isUntold } from "./advances";
import type { Typed } from "./typed";

/** A match without a result. */
export interface Line {
  match: Match;
  how: "over" | "playing";
  draft: ResultDraft;
  /** What lists have. */
  proposed: { outcome: Outcome; change: Change } | undefined;
  /** What was sent and is in no block yet. */
  sent: Shapes["OutcomeBody"] | undefined;
  /** What would be confirmed, if it is whole. */
  whole: Outcome | undefined;
  on: boolean;
  /** Whether it is to say who advances. */
  asks: boolean;
  /** Whether another match may decide with it who advances. */
  leg: boolean;
}

/** The result that a change is, where it is nothing else, and of a match that has none. */
export function plainResult(change: Change): Outcome | undefined {
  const [step, ...more] = change.steps;
  const [part, ...others] = step?.parts ?? [];
  const alone = more.length + others.length === 0 && change.verdict === "sign" && canSign(change);
  return alone && part?.is === "result" && part.corrects === null ? part.outcome : undefined;
}

const says = (outcome: Outcome | undefined): string => JSON.stringify(outcome ?? null);

/** Whether a line says something else than lists do. */
export const isOwn = ({ proposed, whole }: Line): boolean => says(proposed?.outcome) !== says(whole);

/** What an organiser signs of a line. */
export const officeOf = ({ match, whole }: Line): ReportedAdminAction[] =>
  whole === undefined ? [] : [resultOf(match, whole)];

interface Given {
  matches: readonly Match[];
  now_s: number;
  /** Numbers of matches of which somebody has signed a result. */
  voted: ReadonlySet<number>;
  sent: ReadonlyMap<number, Shapes["OutcomeBody"]>;
  drafts: Typed;
  compared: Compared | undefined;
  /** Whether the result of a match is to say who advances. */
  asks: (match: Match) => boolean;
}

/**
 * The lines in the order of their kick-offs, and how to tick them. What is whole is ticked; but where lists say something else than when
 * this was opened, only once somebody has looked at it; and where it is to say who advances, only once it does.
 */
export function useLines({ matches, now_s, voted, sent, drafts, compared, asks: asksOf }: Given) {
  const [first, setFirst] = useState<Readonly<Record<string, string>>>({});
  const [ticks, setTicks] = useState<Readonly<Record<string, { says: string; on: boolean }>>>({});
  const lists = new Map(
    (compared?.changes ?? []).flatMap((change) => {
      const outcome = plainResult(change);
      return outcome === undefined ? [] : [[change.code, { outcome, change }] as const];
    }),
  );
  const fresh = [...lists].filter(([code]) => first[code] === undefined);
  if (fresh.length > 0)
    setFirst({ ...first, ...Object.fromEntries(fresh.map(([code, { outcome }]) => [code, says(outcome)])) });
  const lines = inOrder(matches).flatMap((match): Line[] => {
    const how = lacksResult(match, now_s);
    if (how === undefined || voted.has(match.no)) return [];
    const list = lists.get(match.code);
    const typed = drafts[match.code];
    const own = typed !== undefined && !isEmpty(typed);
    const draft = own || list === undefined ? (typed ?? NO_RESULT) : draftOf(list.outcome);
    const whole = own || list === undefined ? (isEmpty(draft) ? undefined : outcomeOf(draft)) : list.outcome;
    const tick = ticks[match.code];
    const asks = asksOf(match);
    const lacks = asks && draft.advances === null && isUntold(draft);
    const usual = !lacks && (own || first[match.code] === says(whole));
    const on = whole !== undefined && (tick?.says === says(whole) ? tick.on : usual);
    return [
      { match, how, draft, proposed: list, sent: sent.get(match.no), whole, on, asks, leg: isLeg(match, matches) },
    ];
  });
  const tick = ({ match, whole }: Line, on: boolean): void =>
    setTicks((before) => ({ ...before, [match.code]: { says: says(whole), on } }));
  return { lines, tick };
}
