import { cleanup, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { Fragment, type ReactNode } from "react";
import { expect, it, vi } from "vitest";

import type { Shapes } from "../../node/client";
import { show } from "../../test/show";
import { Tips } from "./Tips";

// jsdom has no sizes, by which rows are chosen.
vi.mock("../../design/Long", () => ({
  Long: ({ count, row }: { count: number; row: (index: number) => ReactNode }) =>
    Array.from({ length: count }, (_, at) => <Fragment key={at}>{row(at)}</Fragment>),
}));

const scheduled = (deadline: string) => ({ status: "scheduled", deadline }) as Shapes["MatchBody"];

it("invites to tip for as long as that counts, whatever was asked of the node before", async () => {
  await show(<Tips match={scheduled("2096-01-01T00:00:00Z")} bets={[]} own={undefined} />);
  expect(screen.getByText("Be the first")).toBeDefined();
});

it("invites nobody after the deadline", async () => {
  await show(<Tips match={scheduled("2020-01-01T00:00:00Z")} bets={[]} own={undefined} />);
  expect(screen.queryByText("Be the first")).toBeNull();
});

const bet = (account: string, more: object = {}) =>
  ({
    player: { account, name: account },
    match: { no: 1, code: "A1" },
    stake: 0,
    state: "final",
    height: 1,
    sealed: true,
    commitment: `seal of ${account}`,
    ...more,
  }) as unknown as Shapes["BetBody"];

const BETS = [bet("ana"), bet("bruno")];
const SEALS = { scoreOf: () => ({ home: 2, away: 1 }), locked: false, lift: () => undefined };

it("shows what is under one's own seal, and that nobody else sees it", async () => {
  await show(<Tips match={scheduled("2096-01-01T00:00:00Z")} bets={BETS} own="ana" seals={SEALS} />);
  expect(screen.getAllByText(/2:1/).map(({ textContent }) => textContent)).toEqual(["2:1only you"]);
  expect(screen.getAllByRole("img", { name: "Sealed" })).toHaveLength(1);
});

it("asks for the passphrase where the own seal wants it", async () => {
  const lift = vi.fn();
  const seals = { scoreOf: () => null, locked: true, lift };
  await show(<Tips match={scheduled("2096-01-01T00:00:00Z")} bets={BETS} own="ana" seals={seals} />);
  await userEvent.click(screen.getByRole("button", { name: "Sealed: unlock to read your tip" }));
  expect(lift).toHaveBeenCalledTimes(1);
});

it("explains the star where it stands, and only there", async () => {
  const opened = { score: { home: 2, away: 1 }, sealed: false, points: 4, tier: "exact" };
  const closed = { status: "provisional" } as Shapes["MatchBody"];
  await show(<Tips match={closed} bets={[bet("ana", { ...opened, provisional: true })]} own="ana" />);
  expect(screen.getByText("*: the result can still change.")).toBeDefined();
  cleanup();
  await show(<Tips match={closed} bets={[bet("ana", { ...opened, provisional: false })]} own="ana" />);
  expect(screen.queryByText(/can still change/)).toBeNull();
});
