import { expect, it, vi } from "vitest";

import type { Told } from "./stream";

let tell: (told: Told) => void = () => undefined;

vi.mock("./stream", () => ({
  listen: (to: (told: Told) => void) => {
    tell = to;
    return () => undefined;
  },
}));

/** A tab that opens now, and what it is told. */
function tab(): Told[] {
  const told: Told[] = [];
  const page = { postMessage: (it: Told) => told.push(it), onmessage: null };
  const connect = new Event("connect");
  dispatchEvent(Object.assign(connect, { ports: [page] }));
  return told;
}

it("a tab that opens later is told the first tip only as long as nothing has happened since", async () => {
  await import("./stream.worker");
  const first = tab();
  const tip: Told = { is: "event", name: "tip", text: '{"hash":"a"}' };
  tell({ is: "open" });
  tell(tip);
  // A stream that went on where it was has missed nothing.
  const resumed: Told = { is: "event", name: "resumed", text: '{"missed":0}' };
  tell(resumed);
  expect(tab()).toEqual([{ is: "open" }, tip]);
  // Whoever read just before it rests on the first tip, and would take that for the last one.
  tell({ is: "event", name: "block", text: '{"hash":"b"}' });
  expect(tab()).toEqual([{ is: "open" }, { is: "event", name: "lagged", text: "{}" }]);
  expect(first).toHaveLength(4);
});
