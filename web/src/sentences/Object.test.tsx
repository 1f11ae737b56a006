import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, it, vi } from "vitest";

import { Refused } from "../node/refused";
import { keepPlayer } from "../keys/player";
import type { Shapes } from "../node/client";
import { poolOptions } from "../node/queries";
import { show } from "../test/show";
import { History } from "./History";

const sent = vi.fn<() => Promise<void>>(() => Promise.resolve());
vi.mock(import("../identity/sending/send"), async (original) => ({
  ...(await original()),
  send: () => sent(),
}));

vi.mock(import("../keys/signer"), async (original) => ({
  ...(await original()),
  signer: () => Promise.resolve({} as never),
}));
const standsInBook = vi.fn<(code: string) => Promise<void>>(() => Promise.resolve());
vi.mock(import("../identity/assent/onChain"), async (original) => ({
  ...(await original()),
  recordStandsOnChain: (of) => standsInBook(of.code),
}));

const POOL = { id: "pool", name: "Our cup", organisers: [], totals: { players: 3 } };
const CODE = "PtCh";

const matchOf = (version: number) =>
  ({
    no: 1,
    code: CODE,
    record: { version, outcome: { status: "played" }, provisional: true, final_at: null },
  }) as unknown as Shapes["MatchBody"];

function Corrected() {
  const [version, setVersion] = useState(0);
  return (
    <>
      <button onClick={() => setVersion(version + 1)}>correct</button>
      <History of={matchOf(version)} />
    </>
  );
}

async function objects(): Promise<void> {
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  keepPlayer("pool", { account: "me", name: "Clara", keys: "", locked: false, written: true, named: null });
  await show(<Corrected />, [
    [poolOptions().queryKey, POOL],
    [["get", "/api/v1/matches/{code}/results", CODE], []],
    [["get", "/api/v1/matches/{code}/objections", CODE], []],
  ]);
  fireEvent.click(await screen.findByText("Is this result wrong?"));
  fireEvent.change(screen.getByLabelText("What is wrong?"), { target: { value: "It was 2–1" } });
  fireEvent.click(screen.getByText("Send objection"));
}

it("can be said of a corrected result again", async () => {
  await objects();
  expect(await screen.findByText(/^Sent/)).toBeDefined();
  expect(standsInBook).toHaveBeenCalledWith(CODE);
  fireEvent.click(screen.getByText("correct"));
  expect(await screen.findByText("Is this result wrong?")).toBeDefined();
});

it("is not signed where the book has the match otherwise", async () => {
  sent.mockClear();
  standsInBook.mockRejectedValueOnce(new Refused("not-in-book", ""));
  await objects();
  expect(await screen.findByText(/nothing was signed/)).toBeDefined();
  expect(sent).not.toHaveBeenCalled();
});
