import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { keepPlayer } from "../keys/player";
import { matchesOptions, objectionsOptions, poolOptions } from "../node/queries";
import { show } from "../test/show";
import { Objected } from "./Objected";

const ANA = { account: "ana", name: "Ana" };
const BRUNO = { account: "bruno", name: "Bruno" };
const of = (code: string, objections: number, provisional = true) => ({
  no: code.length,
  code,
  home: { name: `${code} United` },
  away: { name: "Bears" },
  postponed: false,
  record: { version: 1, provisional, objections, outcome: { status: "played" } },
});

const said = (version: number) => ({ player: BRUNO, version, text: "no" });

it.each([
  ["an organiser", ANA, 1],
  ["another player", BRUNO, 0],
])("tells %s which results are objected to that stand", async (_, player, told) => {
  keepPlayer("pool", { ...player, keys: "", locked: false, written: true, named: null });
  await show(<Objected />, [
    [poolOptions().queryKey, { id: "pool", organisers: [ANA] }],
    [matchesOptions().queryKey, [of("A", 2), of("BB", 0), of("CCC", 1, false), of("DDDD", 1)]],
    [objectionsOptions({ no: 1, code: "A" }).queryKey, [said(1)]],
    [objectionsOptions({ no: 1, code: "DDDD" }).queryKey, [said(0)]],
  ]);
  expect(screen.queryAllByText(/A player says the result of/)).toHaveLength(told);
  expect(screen.queryAllByText("A United – Bears")).toHaveLength(told);
});

it("tells nothing where organisers see to it", async () => {
  keepPlayer("pool", { ...ANA, keys: "", locked: false, written: true, named: null });
  await show(
    <Objected />,
    [
      [poolOptions().queryKey, { id: "pool", organisers: [ANA] }],
      [matchesOptions().queryKey, [of("A", 2)]],
      [objectionsOptions({ no: 1, code: "A" }).queryKey, [said(1)]],
    ],
    "/organise",
  );
  expect(screen.queryByText(/A player says/)).toBeNull();
});
