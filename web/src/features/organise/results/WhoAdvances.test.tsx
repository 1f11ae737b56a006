import { fireEvent, renderHook, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, it, vi } from "vitest";

import { poolOptions } from "../../../node/queries";
import { show } from "../../../test/show";
import { NO_RESULT, type Match, type ResultDraft } from "../outcome";
import { ResultRow } from "./ResultRow";
import { useLines } from "./useLines";

const MATCH = {
  ...{ no: 1, code: "R1", stage: "Round of 16", base: "90", kickoff: "2020-01-01T12:00:00Z", postponed: false },
  ...{ home: { name: "Hawks" }, away: { name: "Bears" }, record: null },
} as unknown as Match;

const after = (home: number, away: number): ResultDraft => ({ ...NO_RESULT, after_90: { home, away } });

/** It back, yet to be played. */
const BACK = { ...MATCH, no: 2, code: "R2", kickoff: "2999-01-01T12:00:00Z", home: MATCH.away, away: MATCH.home };

const given = (draft: ResultDraft, asks: boolean, matches = [MATCH]) => ({
  ...{ matches, now_s: Date.now() / 1000, voted: new Set<number>(), sent: new Map(), compared: undefined },
  ...{ drafts: { R1: draft }, asks: () => asks },
});

const changed = vi.fn<(draft: ResultDraft) => void>();

/** The row of what is typed. */
function Row({ asks, first = NO_RESULT, matches }: { asks: boolean; first?: ResultDraft; matches?: Match[] }) {
  const [draft, setDraft] = useState(first);
  const { lines, tick } = useLines(given(draft, asks, matches));
  const [line] = lines;
  if (line === undefined) return null;
  const change = (next: ResultDraft): void => {
    changed(next);
    setDraft(next);
  };
  return <ResultRow line={line} change={change} tick={(on) => tick(line, on)} account="ana" />;
}

const shown = (asks: boolean, first?: ResultDraft) =>
  show(<Row asks={asks} {...(first && { first })} />, [[poolOptions().queryKey, { id: "pool" }]]);

const type = (home: string, away: string): void => {
  const [first, second] = screen.getAllByRole("textbox") as [HTMLElement, HTMLElement];
  fireEvent.change(first, { target: { value: home } });
  fireEvent.change(second, { target: { value: away } });
};
const asked = () => screen.queryByRole("radiogroup", { name: "Who advances" });
const isTicked = () => screen.getByRole<HTMLInputElement>("checkbox").checked;

it("asks after a draw, and has no tick before it is said", async () => {
  await shown(true);
  expect(asked()).toBeNull();
  type("1", "1");
  expect(asked()).not.toBeNull();
  expect(isTicked()).toBe(false);
  fireEvent.click(screen.getByRole("radio", { name: "Bears" }));
  expect(changed).toHaveBeenLastCalledWith({ ...after(1, 1), advances: "away" });
  expect(isTicked()).toBe(true);
});

it("takes the winner for who advances, until another one is chosen", async () => {
  await shown(true);
  type("2", "1");
  expect(screen.getByRole<HTMLInputElement>("radio", { name: "Hawks" }).checked).toBe(true);
  expect(isTicked()).toBe(true);
  fireEvent.click(screen.getByRole("radio", { name: "Bears" }));
  expect(changed).toHaveBeenLastCalledWith({ ...after(2, 1), advances: "away" });
});

it("leaves to the organiser who advances after the first of two legs, and ticks it only then", async () => {
  await show(<Row asks matches={[MATCH, BACK]} />, [[poolOptions().queryKey, { id: "pool" }]]);
  type("2", "1");
  expect(changed).toHaveBeenLastCalledWith(after(2, 1));
  expect(asked()).not.toBeNull();
  expect(isTicked()).toBe(false);
  fireEvent.click(screen.getByRole("radio", { name: "Hawks" }));
  expect(isTicked()).toBe(true);
});

it("says it, and does not ask, where a shoot-out tells", async () => {
  const shootout = { ...after(1, 1), shootout: { home: 3, away: 4 }, advances: "away" as const };
  await shown(true, shootout);
  expect(asked()).toBeNull();
  expect(screen.getByText(/Bears advances/)).toBeDefined();
});

it("neither asks nor fills in anything where the pool does not want it", async () => {
  await shown(false);
  type("2", "1");
  expect(changed).toHaveBeenLastCalledWith(after(2, 1));
  type("1", "1");
  expect(asked()).toBeNull();
  expect(isTicked()).toBe(true);
});

it("signs it without, where somebody ticks that", () => {
  const { result } = renderHook(() => useLines(given(after(1, 1), true)));
  const [line] = result.current.lines;
  expect([line?.on, line?.whole]).toEqual([false, { status: "played", after_90: { home: 1, away: 1 } }]);
});
