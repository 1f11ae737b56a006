// The pool's genesis as the node gives it: nobody has looked yet whether it is the one that the pool's id names.

import { queryOptions } from "@tanstack/react-query";

import { isBusyStatus, queries, TurnedAway } from "./client";
import { inTime } from "./inTime";

const ANSWER_MS = 20_000;
/** No genesis is longer, for the command line either. */
const MOST_BYTES = 4 << 20;

/** An answer as text; one that is too long is not read to its end. */
async function textOf({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let read = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return text + decoder.decode();
    read += value.length;
    if (read > MOST_BYTES) {
      reader?.cancel().catch(() => undefined);
      throw new TypeError("genesis: too long");
    }
    text += decoder.decode(value, { stream: true });
  }
}

const KEY = ["genesis"];

const asked = (): Promise<string> =>
  inTime(ANSWER_MS, async (signal) => {
    const answer = await fetch("/api/v1/pool/genesis", { signal, cache: "no-cache" });
    if (isBusyStatus(answer.status)) throw new TurnedAway(`genesis: ${answer.status}`);
    if (!answer.ok) throw new TypeError(`genesis: ${answer.status}`);
    return textOf(answer);
  });

/** The genesis file as text. Where nobody answers, the one that was given before: the pool's id is that of all of it. */
export const genesisOptions = () =>
  queryOptions({
    queryKey: KEY,
    queryFn: () =>
      asked().catch((error: unknown) => {
        const before = queries.getQueryData<string>(KEY);
        if (before === undefined || !(error instanceof TypeError)) throw error;
        return before;
      }),
    retry: false,
    // One that was wrong may be right when it is asked for again; not in the breath of the first screen.
    staleTime: 2_000,
  });
