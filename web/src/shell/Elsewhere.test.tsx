import { screen } from "@testing-library/react";
import { act } from "react";
import { beforeEach, expect, it, vi } from "vitest";

import { last } from "../checking/state";
import { keepPlayer } from "../keys/player";
import { type Sent, sentKey, writeSent } from "../keys/sent";
import { poolOptions } from "../node/queries";
import { show } from "../test/show";
import { Elsewhere } from "./Elsewhere";

const SENT: Sent = { id: "a", nonce: 1, transaction: "00", at_ms: Date.now(), tips: [], fate: "sent" };

beforeEach(() => {
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  keepPlayer("pool", { account: "ana", name: "Ana", keys: "{}", locked: false, written: true, named: null });
  last.set({ pool: "pool", checked: { address: "https://cup.example" } as never, at_s: 0, table: true });
});

it("offers the signed address as soon as the book has what was sent here", async () => {
  writeSent({ pool: "pool", account: "ana" }, [SENT]);
  const queries = await show(<Elsewhere />, [[poolOptions().queryKey, { id: "pool" }]]);
  expect(screen.queryByRole("button")).toBeNull();
  act(() => void queries.setQueryData(sentKey("pool", "ana"), [{ ...SENT, fate: "booked" }]));
  expect(await screen.findByRole("button", { name: "Go to cup.example" })).toBeDefined();
});
