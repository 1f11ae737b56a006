import { beforeEach, expect, it, vi } from "vitest";

beforeEach(() => vi.resetModules());

/** Asks for tips on a match while the node answers so. */
async function ask(answer: () => Response) {
  vi.stubGlobal("fetch", () => Promise.resolve().then(answer));
  const { node } = await import("./client");
  const { heard } = await import("./heard");
  const params = { path: { code: "Pt Es" }, query: { limit: 500 } };
  await node.GET("/api/v1/matches/{code}/tips", { params }).catch(() => undefined);
  return heard.get("/api/v1/matches/Pt%20Es/tips?limit=500");
}

const said =
  (text: string, status = 200, headers = {}) =>
  () =>
    new Response(text, { status, headers });

it("keeps an answer as it came, by the path as it was asked for", async () => {
  const headers = { "bolao-tip": "aa", "bolao-now": "1900000000", "bolao-final": "12" };
  const found = await ask(said('{ "items": [] }', 200, headers));
  expect(found).toMatchObject({
    schemaPath: "/api/v1/matches/{code}/tips",
    text: '{ "items": [] }',
    tip: "aa",
    now_s: 1_900_000_000,
    final: 12,
  });
  expect(Math.abs((found?.came_s ?? 0) - Date.now() / 1000)).toBeLessThan(5);
});

it("names no time and no block where the node names none, or no number", async () => {
  const none = { tip: undefined, now_s: undefined, final: undefined };
  expect(await ask(said("{}"))).toMatchObject(none);
  expect(await ask(said("{}", 200, { "bolao-now": "soon", "bolao-final": "1e999" }))).toMatchObject(none);
});

it("keeps whatever a screen would read, of whatever kind it is said to be", async () => {
  for (const status of [200, 203])
    expect(await ask(said("{}", status, { "content-type": "text/plain" }))).toMatchObject({ text: "{}" });
});

it("knows that no answer came, or an empty one, and what came before stays", async () => {
  const { missedOf } = await import("./heard");
  const missed = () => missedOf("/api/v1/matches/{code}/tips").map(({ path, text }) => [path, text]);
  const path = "/api/v1/matches/Pt%20Es/tips?limit=500";
  expect(await ask(said("{}", 400))).toBeUndefined();
  expect(missed()).toEqual([[path, ""]]);
  expect(await ask(said("{}"))).toMatchObject({ text: "{}" });
  expect(missed()).toEqual([]);
  const fails = () => {
    throw new TypeError("Failed to fetch");
  };
  for (const none of [fails, said(""), said("{}", 404)]) {
    expect(await ask(none)).toMatchObject({ text: "{}" });
    expect(missed()).toEqual([[path, ""]]);
  }
});

it("takes the last answer, also where it was asked for by its path alone, and forgets the oldest", async () => {
  await ask(said("1"));
  const { hearAgain } = await import("./client");
  const { heard, heardOf } = await import("./heard");
  vi.stubGlobal("fetch", () => Promise.resolve(said("2")()));
  await hearAgain("/api/v1/matches/Pt%20Es/tips?limit=500");
  expect(heardOf("/api/v1/matches/{code}/tips").map(({ text }) => text)).toEqual(["2"]);
  for (let at = 0; at < 400; at += 1) await hearAgain(`/api/v1/players/${at}`);
  expect(heard.size).toBe(400);
  expect(heardOf("/api/v1/matches/{code}/tips")).toEqual([]);
});
