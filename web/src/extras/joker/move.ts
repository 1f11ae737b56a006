import { useMutation, useMutationState } from "@tanstack/react-query";

import { send } from "../../identity/sending/send";
import { stands } from "../../identity/sending/sendTips";
import { ofMatch } from "../../identity/tippable";
import type { Who } from "../../keys/earlier";
import { playerOf } from "../../keys/player";
import { isOver, sentOf } from "../../keys/sent";
import { signer } from "../../keys/signer";
import type { Shapes } from "../../node/client";
import { standsInBook } from "../inBook";
import { moved, movesIn, type Moves } from "./jokers";

type MatchMoves = Moves<Shapes["MatchBody"]>;

/** Throws where no joker is on one of these, by this device's own book and what was sent from here. */
async function areOn(who: Who, matches: MatchMoves["off"]): Promise<void> {
  if (matches.length === 0) return;
  const sent = sentOf(who).flatMap(({ act, fate }) => (act === undefined || isOver(fate) ? [] : [act]));
  await standsInBook(who.account, "/features", ({ jokers }) => {
    const on = moved(jokers?.on ?? [], movesIn(sent));
    return matches.every(({ no }) => on.has(no));
  });
}

/** Signs and sends what moves jokers, if the chain has the matches, and the jokers that move, as they were shown. */
export async function moveJokers(pool: string, { off, on }: MatchMoves): Promise<void> {
  // It may be an hour until the passphrase is given.
  await signer(pool);
  await stands(pool, [...off, ...on].map(ofMatch));
  await areOn({ pool, account: playerOf(pool)?.account ?? "" }, off);
  await send(pool, { type: "joker", off: off.map(({ no }) => no), on: on.map(({ no }) => no) });
}

const keyOf = (pool: string) => ["joker", pool];

export const useMoveJokers = (pool: string) =>
  useMutation({ mutationKey: keyOf(pool), mutationFn: (moves: MatchMoves) => moveJokers(pool, moves) });

/** What is being signed and sent just now, from whatever match. */
export const useMoving = (pool: string): Moves[] =>
  useMutationState({
    filters: { mutationKey: keyOf(pool), status: "pending" },
    select: ({ state }) => state.variables as Moves,
  });
