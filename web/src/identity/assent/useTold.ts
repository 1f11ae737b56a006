// What organisers' acts have changed: by the book that this device has read, else by the node's word.

import { useQuery } from "@tanstack/react-query";

import { check, told } from "../../checking/state";
import { useStore } from "../../device/store";
import type { Shapes } from "../../node/client";
import { lastActsOptions } from "../../node/queries";
import type { ToldAct } from "../../rules";
import { seconds } from "../../words/time";

export type Told = Omit<ToldAct, "short" | "signers"> & { signers: Shapes["PlayerRef"][] };

function toldBy({ match, said = [], time, ...act }: Shapes["ActBody"]): Told[] {
  if (said.length === 0) return [];
  return [{ ...act, ...(match != null && { match }), said, time: seconds(time) }];
}

/** The last one first. `checked`: this device has read the book that holds them. */
export function useTold(enabled: boolean): { acts: readonly Told[]; checked: boolean } {
  const read = useStore(told);
  const { is } = useStore(check);
  const checked = read !== undefined || (is !== "off" && is !== "failed");
  const { data = [] } = useQuery({ ...lastActsOptions(), enabled: enabled && !checked });
  return { acts: checked ? (read ?? []) : data.flatMap(toldBy), checked };
}
