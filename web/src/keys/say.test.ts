import { beforeEach, expect, it, vi } from "vitest";

import { node } from "../node/client";
import { sayLive, saySources } from "./say";

const signed = vi.hoisted(() => vi.fn((text: string, at: number) => Promise.resolve(`${text}@${at}`)));
vi.mock("./signer", () => ({ signer: () => Promise.resolve({ say: signed }) }));

const post = vi.spyOn(node, "POST");
const texts = (): unknown[] => signed.mock.calls.map(([text]) => text);

beforeEach(() => {
  signed.mockClear();
  post.mockReset().mockResolvedValue({ data: undefined, response: new Response(null, { status: 204 }) });
});

it("says what the node reads", async () => {
  await saySources("pool", "ana", true, "en.1.2026-27");
  await saySources("pool", "ana", true);
  await saySources("pool", "ana", false, "en.1.2026-27");
  await sayLive("pool", "ana", { code: "PtCh", score: { home: 1, away: 0 }, minute: 63 });
  await sayLive("pool", "ana", { code: "PtCh", score: { home: 1, away: 0 }, minute: null });
  await sayLive("pool", "ana", { code: "PtCh", score: null, minute: 90 });
  expect(texts()).toEqual([
    "sources on en.1.2026-27",
    "sources on",
    "sources off",
    "live PtCh 1-0 63",
    "live PtCh 1-0",
    "live PtCh -",
  ]);
});

it("signs each word with a time of its own, and sends what was signed", async () => {
  await Promise.all([saySources("pool", "ana", true), saySources("pool", "ana", false)]);
  const times = signed.mock.calls.map(([, at]) => at);
  expect(new Set(times).size).toBe(2);
  const [text, at] = signed.mock.calls[0] ?? [];
  expect(post.mock.calls[0]).toEqual([
    "/api/v1/words",
    { body: { account: "ana", at, text, signature: `${text ?? ""}@${at ?? 0}` } },
  ]);
});

it("throws what the node refuses", async () => {
  const refused = { code: "not-an-organiser", detail: "no", status: 403 };
  post.mockResolvedValue({ error: refused, response: new Response() });
  await expect(saySources("pool", "ana", true)).rejects.toBe(refused);
});
