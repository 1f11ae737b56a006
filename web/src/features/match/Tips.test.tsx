import { screen } from "@testing-library/react";
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

const CLOSED = {
  ...{ no: 1, code: "A1", status: "closed", pot: 0, home: { name: "Hawks" }, away: { name: "Bears" } },
} as Shapes["MatchBody"];

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
  await show(<Tips match={CLOSED} bets={BETS} players={3} own="ana" seals={SEALS} />);
  expect(screen.getAllByText(/2:1/).map(({ textContent }) => textContent)).toEqual(["2:1only you"]);
  expect(screen.getAllByRole("img", { name: "Hidden" })).toHaveLength(1);
});

it("shows under one's own seal which team goes through", async () => {
  const seals = { ...SEALS, scoreOf: () => ({ home: 1, away: 1, through: "away" as const }) };
  await show(<Tips match={CLOSED} bets={BETS} players={3} own="ana" seals={seals} />);
  expect(screen.getByText(/1:1/).textContent).toBe("1:1 · Bearsonly you");
});

it("asks for the passphrase where the own seal wants it", async () => {
  const lift = vi.fn();
  const seals = { scoreOf: () => null, locked: true, lift };
  await show(<Tips match={CLOSED} bets={BETS} players={3} own="ana" seals={seals} />);
  await userEvent.click(screen.getByRole("button", { name: "Hidden: unlock to see your tip" }));
  expect(lift).toHaveBeenCalledTimes(1);
});

it("says what each tip gave, the best first, and who did not reveal it", async () => {
  const read = { score: { home: 2, away: 1 }, sealed: false, provisional: false };
  const bets = [
    bet("bruno", { missed: true }),
    bet("clara", { ...read, points: 0, tier: "none" }),
    bet("ana", { ...read, points: 4, tier: "exact" }),
  ];
  await show(<Tips match={CLOSED} bets={bets} players={3} own="ana" />);
  const rows = screen.getAllByRole("listitem").map(({ textContent }) => textContent);
  expect(rows[0]).toMatch(/ana.*Exact.*2:1.*\+4/);
  expect(rows[2]).toMatch(/bruno.*not revealed in time/);
});
