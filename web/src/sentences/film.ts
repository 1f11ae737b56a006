// The moments of matches that come to this device's player without being asked for, one after the other.

import type { Moment } from "../device/seen";
import { store, useStore } from "../device/store";
import type { Shapes } from "../node/client";
import { seconds } from "../words/time";

type Match = Shapes["MatchBody"];

/** A moment of a match that the player has not watched yet. */
export interface Scene {
  code: string;
  is: Moment;
  match: Match;
  /** When it is, or was, in unix seconds. */
  at_s: number;
}

/** The show of a kick-off opens so long before it. */
export const BEFORE_S = 10;
/** It is offered for so long after it. */
export const AFTER_S = 60;
/** So long it waits behind others that are played first. */
const WAITS_S = 600;

/** When a match kicks off, as far as anything is to be seen of it. */
const startOf = ({ kickoff, status, postponed }: Match): number | undefined =>
  kickoff == null || postponed || !["scheduled", "closed"].includes(status) ? undefined : seconds(kickoff);

/** When any of these kick-offs begins or ceases to be a scene. */
export const turnsOf = (matches: readonly Match[]): number[] =>
  matches.flatMap((match) => {
    const at_s = startOf(match);
    return at_s === undefined ? [] : [at_s - BEFORE_S, at_s + AFTER_S, at_s + WAITS_S];
  });

/** The kick-offs of these matches that are about now. */
export const kickOffsOf = (matches: readonly Match[], now_s: number): Scene[] =>
  matches.flatMap((match): Scene[] => {
    const at_s = startOf(match);
    if (at_s === undefined || now_s < at_s - BEFORE_S || now_s >= at_s + WAITS_S) return [];
    return [{ code: match.code, is: "kickoff", match, at_s }];
  });

/** Kick-offs first, which do not wait; then each in its turn. */
export const inOrder = (scenes: readonly Scene[]): Scene[] =>
  [...scenes].sort(
    (a, b) => Number(a.is === "fulltime") - Number(b.is === "fulltime") || a.at_s - b.at_s || a.match.no - b.match.no,
  );

/** Those to offer at once: what is of the kind of the first one, and not too long ago. */
export function offerOf(scenes: readonly Scene[], now_s: number): Scene[] {
  const due = scenes.filter(({ is, at_s }) => is === "fulltime" || now_s < at_s + AFTER_S);
  return due.filter(({ is }) => is === due[0]?.is);
}

/** What is to be played, in its order. */
export const film = store<readonly Scene[]>([]);

/** The scene that follows the show of a match. */
export const useNextScene = (code: string): Scene | undefined => useStore(film).find((scene) => scene.code !== code);
