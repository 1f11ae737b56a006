import { cleanup, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, it } from "vitest";

import { keepPlayer } from "../../keys/player";
import { matchesOptions, poolOptions } from "../../node/queries";
import { show } from "../../test/show";
import { Moves } from "./Moves";

const HOUR_MS = 3_600_000;
const at = (in_ms: number) => new Date(Date.now() + in_ms).toISOString();

const of = (code: string, height: number | null, ago_ms = HOUR_MS) => ({
  no: code.length,
  code,
  home: { name: `${code} United` },
  away: { name: "Bears" },
  kickoff: at(HOUR_MS),
  deadline: at(HOUR_MS),
  moved:
    height === null
      ? null
      : {
          kickoff_before: at(-HOUR_MS),
          kickoff_after: at(HOUR_MS),
          earliest_kickoff: at(-HOUR_MS),
          signers: [{ account: "bolao1ana", name: "Ana" }],
          height,
          time: at(-ago_ms),
        },
});

const look = (pool: string, matches: object[]) =>
  show(<Moves />, [
    [poolOptions().queryKey, { id: pool, organisers: [] }],
    [matchesOptions().queryKey, matches],
  ]);

const play = (pool: string, account = "bruno") =>
  keepPlayer(pool, { account, name: account, keys: "", locked: false, written: true, named: null });

it("tells a player of every move until it is tapped away, and of the next one again", async () => {
  play("a");
  await look("a", [of("A", 7), of("BB", null)]);
  expect(screen.getByText("A United – Bears")).toBeDefined();
  expect(screen.getByText(/Ana moved it from/)).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Got it" }));
  expect(screen.queryByText(/Ana moved it from/)).toBeNull();
  cleanup();
  await look("a", [of("A", 7), of("BB", null)]);
  expect(screen.queryByText(/Ana moved it from/)).toBeNull();
  cleanup();
  await look("a", [of("A", 7), of("BB", 8)]);
  expect(screen.getAllByText(/Ana moved it from/)).toHaveLength(1);
  expect(screen.getByText("BB United – Bears")).toBeDefined();
});

it("counts what is too much to tell, and tells nothing that is old, and nobody who only looks", async () => {
  play("b");
  await look(
    "b",
    ["A", "BB", "CCC", "DDDD", "EEEEE"].map((code) => of(code, 7)),
  );
  expect(screen.getAllByText(/Ana moved it from/)).toHaveLength(3);
  expect(screen.getByText("2 more matches were moved.")).toBeDefined();
  cleanup();
  await look("b", [of("A", 7, 8 * 24 * HOUR_MS)]);
  expect(screen.queryByText(/Ana moved it from/)).toBeNull();
  cleanup();
  await look("c", [of("A", 7)]);
  expect(screen.queryByText(/Ana moved it from/)).toBeNull();
});

it("tells nobody of their own moves", async () => {
  play("d", "bolao1ana");
  await look("d", [of("A", 7)]);
  expect(screen.queryByText(/Ana moved it from/)).toBeNull();
});
