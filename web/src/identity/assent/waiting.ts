// How much waits for this device's organiser.

import { useQuery } from "@tanstack/react-query";

import { usePlayerHere } from "../../keys/player";
import { useNow } from "../../node/clock";
import { matchesOptions, poolOptions, useQuestions, votesOptions } from "../../node/queries";
import { useObjected } from "./objections";
import { dueAnswers, lacksResult } from "./overdue";
import { allOf, useWanted } from "./pendingSignatures";

/**
 * The number of things that wait for whoever organises here: results of matches that are surely over, right answers, objections,
 * signatures. None for others. What a list from the web has is the node's word, and counts for nothing here.
 */
export function useWaiting(): number {
  const { data: pool } = useQuery(poolOptions());
  const id = pool?.id ?? "";
  const account = usePlayerHere(id)?.account;
  const enabled = pool?.organisers.some((it) => it.account === account) === true;
  const now_s = useNow(60);
  const wanted = useWanted();
  const { data: matches = [] } = useQuery({ ...matchesOptions(), enabled });
  const { data: questions = [] } = useQuestions(enabled);
  const { data: votes = [] } = useQuery({
    ...votesOptions(),
    enabled: enabled && pool.organisers.length > 1,
  });
  const objections = useObjected(id, enabled ? matches : []);
  if (!enabled) return 0;
  const voted = new Set(votes.flatMap(({ type, about }) => (type === "result" ? [about.no] : [])));
  const isLeft = ({ no }: { no: number }): boolean => !voted.has(no);
  const overdue = matches.filter((match) => lacksResult(match, now_s) === "over" && isLeft(match)).length;
  const closed = dueAnswers(questions, matches).filter(isLeft).length;
  const unanswered = objections.filter(({ answered }) => !answered).length;
  return overdue + closed + unanswered + (wanted === undefined ? 0 : allOf(wanted));
}
