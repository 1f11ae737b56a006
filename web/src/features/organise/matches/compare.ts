// A newer list against the pool as it is now.

import type { ListText, Source } from "../../../design/MatchSource";
import { node, queries } from "../../../node/client";
import { matchesOptions } from "../../../node/queries";
import { Unreadable } from "../../../node/shape";
import { planOf, type Plan } from "./plan";
import { changesOf, sameMatch, type Change } from "./reimport";

/** A list that somebody has, or those that the node reads from the web. */
export type List = Source & { sources?: true };

/** What a list changes, against the matches as they were when it was compared. */
export interface Compared {
  source: List;
  /** Whether it is compared although it seems to be another competition's. */
  anyway: boolean;
  plan: Plan;
  changes: Change[];
}

export async function compare(source: List, account: string, anyway: boolean): Promise<Compared> {
  const { text = "", zone, dates, sources } = source;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { data, error } = await node
    .POST("/api/v1/fixtures/plan", {
      body: {
        text,
        account,
        anyway,
        here,
        ...(zone !== undefined && { zone }),
        ...(dates !== undefined && { dates }),
        ...(sources === true && { sources }),
      },
    })
    .catch((cause: unknown) => {
      throw cause instanceof SyntaxError ? new Unreadable("the node’s plan is no JSON", { cause }) : cause;
    });
  if (error !== undefined) throw error;
  const plan = planOf(data);
  const matches = await queries.query({ ...matchesOptions(), staleTime: 0 });
  return { source, anyway, plan, changes: changesOf(plan, matches) };
}

/** The text of a file of matches, and what nobody sees of it. */
export async function textOf(file: Blob): Promise<ListText> {
  const { data, error } = await node.POST("/api/v1/fixtures/text", {
    // The description has no type for bytes.
    body: file as never,
    bodySerializer: () => file,
    headers: { "content-type": "application/octet-stream" },
  });
  if (error !== undefined) throw error;
  return data;
}

/** Whether a match is other than it was when a change of it was shown, by what the node has told since. */
export function moved({ before, code }: Change): boolean {
  const matches = queries.getQueryData(matchesOptions().queryKey);
  return (
    matches !== undefined &&
    !sameMatch(
      before,
      matches.find((match) => match.code === code),
    )
  );
}
