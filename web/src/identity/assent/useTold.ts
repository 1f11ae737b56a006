// What organisers' acts have changed: by the book that this device has read, else by the node's word.

import { useQuery } from "@tanstack/react-query";

import { check, told } from "../../checking/state";
import { useStore } from "../../device/store";
import type { Shapes } from "../../node/client";
import { queries } from "../../node/client";
import { lastActsOptions, playersOptions } from "../../node/queries";
import { wordsOfRules } from "../../words/languages";
import { seconds } from "../../words/time";

/** An act with its time in unix seconds. */
export interface Told extends Pick<Shapes["ActBody"], "seq" | "height"> {
  signers: Shapes["PlayerRef"][];
  match?: Shapes["MatchRef"];
  said: readonly unknown[];
  time: number;
}

function toldBy({ seq, height, signers, match, said = [], time }: Shapes["ActBody"]): Told[] {
  if (said.length === 0) return [];
  return [{ seq, height, signers, ...(match != null && { match }), said, time: seconds(time) }];
}

/** Asks ahead for what is told above every place, so that the place stands where it stays from the beginning. */
export async function askForTold(): Promise<void> {
  const [acts] = await Promise.all([queries.query(lastActsOptions()), queries.query(playersOptions())]);
  if (acts.flatMap(toldBy).length > 0) await wordsOfRules();
}

/** The last one first; the node's word until the book was read. `checked`: this device has read it, or is about to. */
export function useTold(enabled: boolean): { acts: readonly Told[]; checked: boolean } {
  const read = useStore(told);
  const { is } = useStore(check);
  const { data = [] } = useQuery({ ...lastActsOptions(), enabled: enabled && read === undefined });
  return { acts: (read ?? data).flatMap(toldBy), checked: read !== undefined || (is !== "off" && is !== "failed") };
}
