import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { newer } from "./log";

const act = (seq: number, transaction = `t${seq}`) =>
  ({ seq, transaction, height: seq, time: "" }) as unknown as Shapes["ActBody"];
const page = (next_cursor: string | null, ...items: Shapes["ActBody"][]) => ({ data: { items, next_cursor } });

it("reads a log until an act that is known", () => {
  const log = newer([act(2), act(1)]);
  expect(log.cut(page("more", act(5), act(4)))).toEqual(page("more", act(5), act(4)));
  const last = log.cut(page("more", act(3), act(2), act(1)));
  expect(last).toEqual(page(null, act(3)));
  expect(log.whole([act(5), act(4), ...last.data.items])).toEqual([act(5), act(4), act(3), act(2), act(1)]);
});

it("drops what another history took away", () => {
  const log = newer([act(3), act(2), act(1)]);
  const { data } = log.cut(page("more", act(3, "other"), act(2, "another"), act(1)));
  expect(data.next_cursor).toBeNull();
  expect(log.whole(data.items)).toEqual([act(3, "other"), act(2, "another"), act(1)]);
});

it("reads all where nothing is known", () => {
  const log = newer([]);
  const { data } = log.cut(page(null, act(1)));
  expect(log.whole(data.items)).toEqual([act(1)]);
});
