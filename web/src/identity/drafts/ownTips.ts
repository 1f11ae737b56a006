// One’s own tips as they stand: sent, in a block, confirmed, sealed. What is sealed is read with one's own key.

import { queryOptions, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";

import { ownBefore } from "../../checking/check";
import { useProven } from "../../checking/state";
import { stateOf, type TipState } from "../../design/State";
import { $node, node, queries, type Shapes } from "../../node/client";
import { everyPage } from "../../node/pages";
import {
  playerAnswersOptions,
  playerBetsOptions,
  useJoined,
  useMatches,
  useOpenings,
  usePlayerBets,
} from "../../node/queries";
import type { AnswersBody, QuestionBody } from "../../node/questions";
import type { Rules } from "../../rules";
import { scoreOf, slotsOf } from "../answers/answer";
import { useSent } from "../sending/follow";
import { signer, StaysLocked } from "../../keys/signer";
import { isOver, type Fate, type Sent } from "../../keys/sent";
import { type Predicted, predictedBy, predictedIn } from "./draft";

type Transaction = Shapes["TransactionBody"];

export interface OwnTip {
  match: Pick<Shapes["MatchRef"], "no" | "code">;
  /** `null` while it is sealed and could not be read here. */
  score: Predicted | null;
  stake: number;
  state: TipState;
  /** Whether nobody else can read it. */
  sealed: boolean;
  transaction: string;
  /** The hash that hides the score of a sealed one. */
  commitment?: string;
  /** What this device knows of one that is not in the book. */
  fate?: Fate;
  /** As it stands in the book; absent while it is on its way. */
  bet: Shapes["BetBody"] | undefined;
}

/** What one's own seals hide, as far as it can be read here. */
export interface OwnSeals {
  scoreOf: (commitment: string | null | undefined) => Predicted | null;
  /** Whether the keys want their passphrase first. */
  locked: boolean;
  /** Asks for it. */
  lift: () => void;
}

/** Whether nobody but its player can read a tip, so far. */
export const isSealed = ({ sealed, score, missed }: Shapes["BetBody"]): boolean =>
  sealed && score == null && missed !== true;

/** One's own seal, as far as what the node says of it is known. */
interface Seal {
  match_no: number;
  transaction: string;
  nonce?: number | undefined;
  commitment?: string | undefined;
}

const seen = new Map<string, Predicted>();
/** The commitments of seals, by their transactions. */
const found = new Map<string, string>();
/** Transactions that open nothing as the node gave them. */
const misnamed = new Set<string>();

const nameOf = ({ transaction, match_no }: Seal): string => `${transaction} ${match_no}`;
const commitmentOf = (seal: Seal): string => found.get(nameOf(seal)) ?? seal.commitment ?? "";

/** A transaction as the book has it that this device has read, else as the node says; asked again where that opened nothing. */
async function transactionOf(id: string): Promise<Transaction> {
  const own = await ownBefore<Transaction>(`/api/v1/transactions/${id}`).catch(() => undefined);
  if (own !== undefined) return own;
  const options = $node.queryOptions("get", "/api/v1/transactions/{id}", { params: { path: { id } } });
  return queries.query(misnamed.has(id) ? { ...options, staleTime: 0 } : options);
}

interface Opens {
  seal: Seal;
  nonce: number;
  commitment: string;
}

/** What opens a seal, as a list of the node names it. */
function asNamed(seal: Seal): Opens | undefined {
  const { nonce, commitment } = seal;
  return nonce === undefined || commitment === undefined ? undefined : { seal, nonce, commitment };
}

/** The same as its transaction has it. */
async function asSigned(seal: Seal): Promise<Opens | undefined> {
  const { nonce, action } = await transactionOf(seal.transaction);
  const tip = action.type === "seal" ? action.tips.find(({ match }) => match.no === seal.match_no) : undefined;
  const commitment = tip?.commitment ?? seal.commitment;
  if (commitment === undefined) return undefined;
  found.set(nameOf(seal), commitment);
  return { seal, nonce, commitment };
}

async function open(rules: Pick<Rules, "openings">, all: readonly (Opens | undefined)[]): Promise<void> {
  const known = all.filter((it) => it !== undefined);
  if (known.length === 0) return;
  const openings = await rules.openings(
    known.map(({ seal: { match_no }, nonce, commitment }) => ({ match_no, nonce, commitment })),
  );
  known.forEach(({ seal, commitment }, at) => {
    const prediction = openings[at]?.prediction;
    if (prediction !== undefined) seen.set(commitment, predictedIn(prediction));
    else misnamed.add(seal.transaction);
  });
}

/** Reads one's own seals with the key in hand: the scores by what hides them. They are remembered until the page is left. */
export async function readSeals(
  pool: string,
  seals: readonly Seal[],
  ask: boolean,
): Promise<Map<string, Predicted | null>> {
  const isUnread = (seal: Seal): boolean => !seen.has(commitmentOf(seal));
  if (seals.some(isUnread)) {
    const rules = await signer(pool, ask);
    await open(rules, seals.filter(isUnread).map(asNamed));
    // Whatever the node leaves out or names wrongly, the transaction says.
    await open(rules, await Promise.all(seals.filter(isUnread).map(asSigned)));
  }
  return new Map(seals.map((seal) => [commitmentOf(seal), seen.get(commitmentOf(seal)) ?? null]));
}

interface OnTheWay {
  waiting: Transaction[];
  /** What waits no more, and when that was seen: a block holds it, or nothing ever will. */
  gone: (Pick<Transaction, "id" | "action"> & { at_ms: number })[];
}

/** So long what waits no more is remembered, at most. */
const GONE_MS = 60_000;

/** What is on the way now, with what has just ceased to be. */
export function withGone(before: OnTheWay | undefined, waiting: Transaction[], at_ms: number): OnTheWay {
  const there = new Set(waiting.map(({ id }) => id));
  const gone = [
    ...(before?.gone ?? []),
    ...(before?.waiting ?? []).map(({ id, action }) => ({ id, action, at_ms })),
  ].filter((one) => !there.has(one.id) && at_ms - one.at_ms < GONE_MS);
  return { waiting, gone };
}

const onTheWayKey = (account: string | undefined) => ["get", "/api/v1/transactions", "on the way", account];

export const onTheWayOptions = (account: string | undefined) =>
  queryOptions({
    queryKey: onTheWayKey(account),
    enabled: account !== undefined,
    queryFn: async ({ signal }) => {
      const waiting = await everyPage((query) =>
        node.GET("/api/v1/transactions", {
          signal,
          params: { query: { ...query, state: "pending", ...(account && { account }) } },
        }),
      );
      const before = queries.getQueryData<OnTheWay>(onTheWayKey(account));
      const now = withGone(before, waiting, Date.now());
      // The book says what became of it.
      if (now.gone.length > (before?.gone.length ?? 0))
        for (const { queryKey } of [playerBetsOptions(account), playerAnswersOptions(account)])
          void queries.invalidateQueries({ queryKey });
      return now;
    },
  });

/** What of an account waits for a block. */
export const usePending = (account: string | undefined) =>
  useQuery({ ...onTheWayOptions(account), select: ({ waiting }) => waiting });

const goesOn = ({ waiting, gone }: OnTheWay, read_ms: number): Pick<Transaction, "id" | "action">[] => [
  ...gone.filter(({ at_ms }) => at_ms >= read_ms),
  ...waiting,
];

/** The ids of what waits for a block, or has left for one that an answer read at `read_ms` may not know yet. */
export const onItsWay = (way: OnTheWay, read_ms: number): Set<string> =>
  new Set(goesOn(way, read_ms).map(({ id }) => id));

/** The same as what was signed. */
export const actsOnTheWay = (way: OnTheWay, read_ms: number): Shapes["Action"][] =>
  goesOn(way, read_ms).map(({ action }) => action);

function tipOf(bet: Shapes["BetBody"], proven: number | undefined): { tip: OwnTip; seal?: Seal } {
  const { match, stake, transaction, sealed } = bet;
  const score = predictedBy(bet);
  const tip = { match, score, stake, sealed, transaction, state: stateOf(bet.state, bet.height, proven), bet };
  if (!sealed || bet.commitment == null) return { tip };
  const { commitment } = bet;
  return { tip: { ...tip, commitment }, seal: { match_no: match.no, transaction, commitment } };
}

/** The same of what stands on the slots of a question. `seals`: what is sealed, by numbers. */
function tipsOn(
  { question, answers }: AnswersBody,
  seals: ReadonlyMap<number, Shapes["KeptSealBody"]>,
  proven: number | undefined,
): { tip: OwnTip; seal?: Seal }[] {
  return answers.flatMap((one, slot) => {
    if (one === null) return [];
    const { sealed, transaction } = one;
    const match = { no: question.no + slot, code: question.code };
    const score = one.answer == null ? null : scoreOf(one.answer);
    const state = stateOf(one.state, one.height, proven);
    const tip = { match, score, stake: 0, sealed, transaction, state, bet: undefined };
    if (!sealed || score !== null) return [{ tip }];
    const { nonce, commitment } = seals.get(match.no) ?? {};
    const seal = { match_no: match.no, transaction, nonce, commitment };
    return [{ tip: commitment === undefined ? tip : { ...tip, commitment }, seal }];
  });
}

/**
 * What was sent from here and does not stand in the bets: as it was signed here, whatever the node says of it. `way`: what waits for a
 * block, or has just left for one. What was signed elsewhere is known once the book has it.
 */
export function keptTips(
  sent: Sent[],
  stands: { tip: OwnTip }[],
  codes: Map<number, string>,
  way: ReadonlySet<string>,
): { tip: OwnTip; seal?: Seal }[] {
  const there = new Set(stands.map(({ tip }) => tip.transaction));
  // The book has all that comes before one that it has.
  const booked = Math.max(-1, ...sent.flatMap(({ id, nonce }) => (there.has(id) ? nonce : [])));
  const kept = sent.filter(
    ({ id, nonce, fate }) => isOver(fate) || (nonce > booked && (fate !== "booked" || way.has(id))),
  );
  const going = kept.filter(({ fate }) => !isOver(fate));
  const tipped = new Set([
    ...stands.map(({ tip }) => tip.match.no),
    ...going.flatMap(({ tips }) => tips.map(({ match_no }) => match_no)),
  ]);
  return kept.flatMap(({ id, nonce, tips, fate }) =>
    tips.flatMap(({ match_no: no, stake, prediction, commitment }): { tip: OwnTip; seal?: Seal }[] => {
      const code = codes.get(no);
      const score = prediction === undefined ? null : predictedIn(prediction);
      const over = isOver(fate);
      // What never gets in replaces nothing.
      if (code === undefined || (over && tipped.has(no))) return [];
      const state = over ? ("late" as const) : ("sent" as const);
      const tip = { match: { no, code }, score, stake, state, fate, transaction: id, bet: undefined };
      if (commitment === undefined) return [{ tip: { ...tip, sealed: false } }];
      return [
        { tip: { ...tip, sealed: true, commitment }, seal: { match_no: no, transaction: id, nonce, commitment } },
      ];
    }),
  );
}

const NONE: readonly QuestionBody[] = [];

/** One's own tips by numbers, and the answers to `questions`. `locked`: some are sealed, and the keys want a passphrase first. */
export function useOwnTips(pool: string, account: string | undefined, questions = NONE) {
  const joined = useJoined(account);
  // Of somebody who has not joined there is no list.
  const bets = usePlayerBets(joined === true ? account : undefined);
  const answering = questions.length > 0 ? account : undefined;
  const answers = useQuery(playerAnswersOptions(joined === true ? answering : undefined));
  const { data: openings } = useOpenings(answering);
  const pending = useQuery(onTheWayOptions(account));
  const { data: sent } = useSent(pool, account);
  const { data: matches } = useMatches();
  // The same objects for as long as nothing changes, so that no row is drawn again for nothing.
  const proven = useProven();
  const both_ms = answers.data === undefined ? bets.dataUpdatedAt : Math.min(bets.dataUpdatedAt, answers.dataUpdatedAt);
  const read_ms = pending.data?.gone.length === 0 ? 0 : both_ms;
  const all = useMemo(() => {
    const way = pending.data === undefined ? new Set<string>() : onItsWay(pending.data, read_ms);
    const slots = questions.flatMap((question) => slotsOf(question).map((no) => ({ no, code: question.code })));
    const codes = new Map([...(matches ?? []), ...slots].map(({ no, code }) => [no, code]));
    const sealed = new Map(openings?.seals.map((seal) => [seal.match.no, seal]));
    const stands = [
      ...(bets.data ?? []).map((bet) => tipOf(bet, proven)),
      ...(answers.data ?? []).flatMap((those) => tipsOn(those, sealed, proven)),
    ];
    return [...stands, ...keptTips(sent ?? [], stands, codes, way)];
  }, [pending.data, bets.data, answers.data, openings, proven, read_ms, matches, questions, sent]);
  const seals = useMemo(() => all.flatMap(({ seal }) => seal ?? []), [all]);
  const read = useQuery({
    // Again once this device has read the book: what opens them is as that says.
    queryKey: ["own seals", pool, account, seals.map(nameOf), proven !== undefined],
    enabled: account !== undefined && seals.length > 0,
    queryFn: () => readSeals(pool, seals, false),
    retry: (count, error) => !(error instanceof StaysLocked) && count < 3,
  });
  const { data: scores, refetch } = read;
  const scoreBehind = useCallback<OwnSeals["scoreOf"]>(
    (commitment) => (commitment == null ? null : (scores?.get(commitment) ?? seen.get(commitment) ?? null)),
    [scores],
  );
  const tips = useMemo(() => {
    // Later ones replace earlier ones.
    const tips = new Map<number, OwnTip>();
    for (const { tip, seal } of all)
      tips.set(tip.match.no, { ...tip, score: tip.score ?? scoreBehind(seal && commitmentOf(seal)) });
    return tips;
  }, [all, scoreBehind]);
  const lift = useCallback(() => {
    readSeals(pool, seals, true)
      .then(() => refetch())
      .catch(() => undefined);
  }, [pool, seals, refetch]);
  const listed = joined === false || bets.data !== undefined;
  const ready = account === undefined || (joined !== undefined && listed && pending.data !== undefined);
  // Whoever has just come into the book has no list for a moment: what is being written stays on the screen.
  const [readyFor, setReadyFor] = useState<string>();
  if (ready && readyFor !== account) setReadyFor(account);
  return {
    tips,
    answers: answers.data,
    scoreOf: scoreBehind,
    ready: ready || readyFor === account,
    error: bets.data === undefined ? bets.error : pending.data === undefined ? pending.error : null,
    locked: read.error instanceof StaysLocked,
    /** Lifts the fold of what is sealed; asks for the passphrase. */
    lift,
  };
}
