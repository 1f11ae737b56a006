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

interface Worker {
  asset: (request: { url: string }) => Promise<Response>;
  page: (request: { url: string }, path: string) => Promise<Response>;
  pathOf: (request: { url: string }) => string | undefined;
  activate: () => Promise<void>;
}

/** The worker below a path of its host, with these caches. */
function workerAt(top: string, caches: object, sums: Record<string, string> = {}, answered = ""): Worker {
  const given = {
    SUMS: sums,
    VERSION: "v",
    self: { addEventListener: () => undefined, location: new URL("sw.js", top) },
    caches,
    clients: {},
    crypto: webcrypto,
    fetch: () => Promise.resolve(new Response(answered)),
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the worker is no module
  const worker = new Function(...Object.keys(given), `${source}; return { asset, page, pathOf, activate };`) as (
    ...args: unknown[]
  ) => Worker;
  return worker(...Object.values(given));
}

/** The worker's way to a file, on a node that answers with a text. */
async function asset(built: string, answered: string) {
  const kept: string[] = [];
  const cache = {
    match: () => Promise.resolve(undefined),
    put: (url: string) => Promise.resolve(void kept.push(url)),
  };
  const caches = { open: () => Promise.resolve(cache) };
  const worker = workerAt("http://pool.example/", caches, { "/assets/a-1.js": await sumOf(built) }, answered);
  const answer = await worker.asset({ url: "http://pool.example/assets/a-1.js" });
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

it("a page that lies deeper names its files from there", async () => {
  const text = '<link href="./icon.svg"><script src="./assets/a-1.js">';
  const caches = {
    match: (name: string, { cacheName }: { cacheName: string }) =>
      Promise.resolve(
        name === "/bolao/index.html" && cacheName === "page-/bolaov"
          ? new Response(text, { headers: { "content-encoding": "br", "x-kept": "1" } })
          : undefined,
      ),
  };
  const worker = workerAt("http://home.example/bolao/", caches);
  const seen = async (path: string) => {
    const answer = await worker.page({ url: `http://home.example/bolao${path}` }, path);
    expect(answer.headers.get("content-encoding")).toBeNull();
    expect(answer.headers.get("x-kept")).toBe("1");
    const [, file = ""] = /src="([^"]*)"/.exec(await answer.text()) ?? [];
    return new URL(file, `http://home.example/bolao${path}`).pathname;
  };
  for (const path of ["/", "/table", "/match/AbCd", "/match/AbCd/show", "/table/"])
    expect(await seen(path)).toBe("/bolao/assets/a-1.js");
});

it("paths are those below its own, and of others nothing is forgotten", async () => {
  const names = ["page-v0", "page-/bolaov0", "page-/bolaov", "page-/bolao/p/Xv0", "assets", "words"];
  const files = ["/assets/a", "/bolao/assets/a", "/bolao/assets/b", "/bolao/p/X/assets/a"];
  const [deleted, dropped]: [string[], string[]] = [[], []];
  const cache = {
    keys: () => Promise.resolve(files.map((path) => ({ url: `http://home.example${path}` }))),
    delete: ({ url }: { url: string }) => Promise.resolve(void dropped.push(new URL(url).pathname)),
  };
  const caches = {
    keys: () => Promise.resolve(names),
    open: () => Promise.resolve(cache),
    delete: (name: string) => Promise.resolve(void deleted.push(name)),
  };
  const worker = workerAt("http://home.example/bolao/", caches, { "/assets/b": "" });
  await worker.activate();
  expect(deleted).toEqual(["page-/bolaov0"]);
  expect(dropped).toEqual(["/bolao/assets/a"]);
  expect(worker.pathOf({ url: "http://home.example/bolao/table" })).toBe("/table");
  expect(worker.pathOf({ url: "http://home.example/bolaos/table" })).toBeUndefined();
  // The page of another pool of the host, which has no worker yet.
  for (const path of ["/p/X", "/p/X/", "/p/X/table"])
    expect(worker.pathOf({ url: `http://home.example/bolao${path}` })).toBeUndefined();
  const below = workerAt("http://home.example/bolao/p/X/", caches);
  expect(below.pathOf({ url: "http://home.example/bolao/p/X/table" })).toBe("/table");
});
