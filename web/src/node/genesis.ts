// The pool's genesis as the node gives it: nobody has looked yet whether it is the one that the pool's id names.

import { queryOptions } from "@tanstack/react-query";

import { inHost } from "../device/address";
import { isBusyStatus, queries, TurnedAway } from "./client";
import { inTime } from "./inTime";

const ANSWER_MS = 20_000;
/** No genesis is longer, for the command line either. */
const MOST_BYTES = 4 << 20;

/** Puts the bytes of an answer into a text, piece by piece; one that is too long is not read to its end. */
async function textOf({ body }: Response, write: (piece?: Uint8Array<ArrayBuffer>) => string): Promise<string> {
  const reader = body?.getReader();
  let text = "";
  let read = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return text + write();
    read += value.length;
    if (read > MOST_BYTES) {
      reader?.cancel().catch(() => undefined);
      throw new TypeError("genesis: too long");
    }
    text += write(value);
  }
}

/** `path`: that on the host. */
const asked = (path: string, write: (piece?: Uint8Array<ArrayBuffer>) => string): Promise<string> =>
  inTime(ANSWER_MS, async (signal) => {
    const answer = await fetch(path, { signal, cache: "no-cache" });
    if (isBusyStatus(answer.status)) throw new TurnedAway(`genesis: ${answer.status}`);
    if (!answer.ok) throw new TypeError(`genesis: ${answer.status}`);
    return textOf(answer, write);
  });

const hex = (piece = new Uint8Array()): string =>
  Array.from(piece, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Where nobody answers, what was given before: the pool's id is that of all of it. */
const options = (queryKey: readonly string[], ask: () => Promise<string>) =>
  queryOptions({
    queryKey,
    queryFn: () =>
      ask().catch((error: unknown) => {
        const before = queries.getQueryData<string>(queryKey);
        if (before === undefined || !(error instanceof TypeError)) throw error;
        return before;
      }),
    retry: false,
    // One that was wrong may be right when it is asked for again; not in the breath of the first screen.
    staleTime: 2_000,
  });

/** The genesis file as text, for what is shown before the rules have read it. */
export const genesisOptions = () =>
  options(["genesis"], () => {
    const decoder = new TextDecoder();
    return asked(inHost("/api/v1/pool/genesis"), (piece) => decoder.decode(piece, { stream: piece !== undefined }));
  });

/** The genesis document as it is encoded, in hexadecimal: the bytes whose hash is the pool's id. */
export const genesisBytesOptions = () => options(["genesis bytes"], () => genesisBytesAt(inHost("/")));

/** The same of the pool whose page lies at a path of this host, such as `/p/office/`. */
export const genesisBytesAt = (path: string): Promise<string> => asked(`${path}api/v1/pool/genesis.bin`, hex);
