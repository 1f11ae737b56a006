// @vitest-environment node

import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

const source = readFileSync("src/sw.js", "utf8");

/** The beginning of a text's SHA-256, as the build writes it. */
async function sumOf(text: string): Promise<string> {
  const digest = await webcrypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Buffer.from(digest).subarray(0, 15).toString("base64");
}

/** The worker's way to a file, on a node that answers with a text. */
async function asset(built: string, answered: string) {
  const kept: string[] = [];
  const cache = {
    match: () => Promise.resolve(undefined),
    put: (url: string) => Promise.resolve(void kept.push(url)),
  };
  const given = {
    SUMS: { "/assets/a-1.js": await sumOf(built) },
    VERSION: "v",
    self: { addEventListener: () => undefined },
    caches: { open: () => Promise.resolve(cache) },
    clients: {},
    crypto: webcrypto,
    fetch: () => Promise.resolve(new Response(answered)),
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the worker is no module
  const worker = new Function(...Object.keys(given), `${source}; return asset;`) as (
    ...args: unknown[]
  ) => (request: { url: string }) => Promise<Response>;
  const answer = await worker(...Object.values(given))({ url: "http://pool.example/assets/a-1.js" });
  return { answer, kept };
}

it("a file is given and kept as it was built", async () => {
  const { answer, kept } = await asset("good()", "good()");
  expect(await answer.text()).toBe("good()");
  expect(kept).toEqual(["http://pool.example/assets/a-1.js"]);
});

it("another file under its name is neither given nor kept", async () => {
  const { answer, kept } = await asset("good()", "evil()");
  expect(answer.type).toBe("error");
  expect(kept).toEqual([]);
});
