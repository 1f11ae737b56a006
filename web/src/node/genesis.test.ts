import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, it, vi } from "vitest";

import { genesisOptions } from "./genesis";

afterEach(() => vi.useRealTimers());

const read = () => new QueryClient().query(genesisOptions());

const gives = (body: BodyInit | null) => vi.stubGlobal("fetch", () => Promise.resolve(new Response(body)));

/** Pieces of an answer, and how many of them were taken. */
function pieces(piece: Uint8Array, most: number) {
  const taken = { count: 0, left: false };
  const body = new ReadableStream({
    pull(to) {
      taken.count += 1;
      if (taken.count > most) to.close();
      else to.enqueue(piece);
    },
    cancel() {
      taken.left = true;
    },
  });
  return { taken, body };
}

it("is given as it stands, letters cut in two as well", async () => {
  const bytes = new TextEncoder().encode('{"name":"Bolão"}');
  const cut = bytes.indexOf(0xc3) + 1;
  const parts = [bytes.slice(0, cut), bytes.slice(cut)];
  gives(
    new ReadableStream({
      pull(to) {
        const part = parts.shift();
        if (part === undefined) to.close();
        else to.enqueue(part);
      },
    }),
  );
  expect(await read()).toBe('{"name":"Bolão"}');
  gives(null);
  expect(await read()).toBe("");
});

it("is not read beyond four mebibytes", async () => {
  const { taken, body } = pieces(new Uint8Array(1 << 20).fill(0x5b), 30);
  gives(body);
  await expect(read()).rejects.toThrow(TypeError);
  expect(taken.left).toBe(true);
  expect(taken.count).toBeLessThan(10);
  gives(pieces(new Uint8Array(1 << 20).fill(0x5b), 4).body);
  expect(await read()).toHaveLength(4 << 20);
});

it.each([
  ["never begins", () => new Promise(() => undefined)],
  ["never ends", () => Promise.resolve(new Response(new ReadableStream()))],
])("is waited for no longer than twenty seconds where the answer %s", async (_, answer) => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", answer);
  const failed = expect(read()).rejects.toThrow(TypeError);
  await vi.advanceTimersByTimeAsync(21_000);
  await failed;
});
