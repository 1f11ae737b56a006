// What organisers' acts have changed: by the book that this device has read, else by the node's word.

import { useQuery } from "@tanstack/react-query";

import { check, told } from "../../checking/state";
import { useStore } from "../../device/store";
import { seenActsOf, toldAbove } from "../../keys/seenActs";
import type { Shapes } from "../../node/client";
import { queries } from "../../node/client";
import { playersOptions, poolOptions, toldOptions } from "../../node/queries";
import { wordsOfRules } from "../../words/languages";
import { seconds } from "../../words/time";
import { aboutOf } from "./kinds";

/** An act with its time in unix seconds. */
export interface Told extends Pick<Shapes["ActBody"], "seq" | "height"> {
  signers: Shapes["PlayerRef"][];
  match?: Shapes["MatchRef"];
  /** What it changed, in a word: acts about the same are told together. */
  about: string;
  said: readonly unknown[];
  /** Whether it came with less notice than the rules ask for. */
  short: boolean;
  time: number;
}

function toldBy(act: Shapes["ActBody"]): Told[] {
  const { seq, height, signers, about: match, said = [], short, time } = act;
  if (said.length === 0) return [];
  const of = match == null ? {} : { match };
  return [{ seq, height, signers, ...of, about: aboutOf(act), said, short, time: seconds(time) }];
}

/** Asks ahead for what is told above every place, so that the place stands where it stays from the beginning. */
export async function askForTold(): Promise<void> {
  const { id } = await queries.query(poolOptions());
  const above = toldAbove(id);
  if (above === undefined) return;
  const [acts] = await Promise.all([queries.query(toldOptions(above)), queries.query(playersOptions())]);
  if (acts.flatMap(toldBy).length > 0) await wordsOfRules();
}

/**
 * What a player was not told before, the last one first; the node's word until the book was read. `checked`: this device has read it, or
 * is about to.
 */
export function useTold(pool: string, account: string | undefined): { acts: readonly Told[]; checked: boolean } {
  const { height: above } = seenActsOf(pool, account ?? "");
  const read = useStore(told);
  const own = read !== undefined && read.above <= above ? read.acts : undefined;
  const { is } = useStore(check);
  const { data = [] } = useQuery({ ...toldOptions(above), enabled: account !== undefined && own === undefined });
  return { acts: (own ?? data).flatMap(toldBy), checked: own !== undefined || (is !== "off" && is !== "failed") };
}
