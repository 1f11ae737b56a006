import { screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { keepPlayer } from "../../identity/player";
import type { Shapes } from "../../node/client";
import { poolOptions } from "../../node/queries";
import { show } from "../../test/show";
import { History } from "./History";

const CODE = "PtCh";
const ANA = { account: "ana", name: "Ana" };
const outcome = { status: "postponed", reason: "snow" };
const putOff = { version: 0, outcome, signers: [ANA], time: "2030-01-01T12:00:00Z", current: true };

const shown = (postponed: boolean) => {
  const record = { ...putOff, provisional: true, final_at: null, objections: 0 };
  const match = { no: 1, code: CODE, status: "scheduled", postponed, record } as unknown as Shapes["MatchBody"];
  return show(<History match={match} />, [
    [poolOptions().queryKey, { id: "pool", name: "Our cup", organisers: [], totals: { players: 3 } }],
    [["get", "/api/v1/matches/{code}/results", CODE], [putOff]],
    [["get", "/api/v1/matches/{code}/objections", CODE], []],
  ]);
};

beforeEach(() => {
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  keepPlayer("pool", { account: "me", name: "Clara", keys: "", locked: false, written: true, named: null });
});

it("does not say that a match that was put off becomes final with a page of the book", async () => {
  await shown(true);
  expect(await screen.findByText(/waits for its new date/)).toBeDefined();
  expect(screen.queryByText(/becomes final/)).toBeNull();
});

it("has what put a match off as history once that is scheduled anew", async () => {
  await shown(false);
  expect(await screen.findByText(/scheduled anew since/)).toBeDefined();
  expect(screen.getByText("snow").closest("[data-old]")).not.toBeNull();
  expect(screen.queryByText(/becomes final/)).toBeNull();
  expect(screen.queryByText("This result is wrong")).toBeNull();
});
