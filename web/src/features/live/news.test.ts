import { expect, it } from "vitest";

import type { Item } from "./feed";
import { lacksTips, type News } from "./useNews";

const news: News = { tips: new Map([[1, []]]), tables: new Map(), whole: true, few: true };
const match = (no: number, bets = 3) => ({ no, code: `M${no}`, bets });
const result = (no: number, bets = 3, record: object = { score: { home: 1, away: 0 }, corrected: false }) =>
  ({ is: "result", match: match(no, bets), record }) as unknown as Item;
const kickoff = (...nos: number[]) => ({ is: "kickoff", matches: nos.map((no) => match(no)) }) as unknown as Item;

it("asks for the tips that a line tells and that are not there yet", () => {
  const lack = (item: Item, of = news) => lacksTips(item, of)?.code;
  expect([lack(result(1)), lack(result(2)), lack(kickoff(1)), lack(kickoff(2))]).toEqual([
    undefined,
    "M2",
    undefined,
    "M2",
  ]);
  expect([lack(result(2, 0)), lack(result(2, 3, { score: null })), lack(kickoff(2, 3))]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(lack(result(2, 3, { score: { home: 1, away: 0 }, corrected: true }))).toBeUndefined();
  expect(lack(result(2), { ...news, few: false })).toBeUndefined();
});
