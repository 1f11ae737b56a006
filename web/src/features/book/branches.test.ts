import { describe, expect, it } from "vitest";

import { drawing, DRAWN, type Branches } from "./branches";

const block = (height: number, hash: string, main_chain = false) => ({ height, hash, main_chain, time: "" });

const known = (tip: number, last_final: number | null, ...branches: Branches["branches"]) =>
  ({ tip: { height: tip }, last_final, stamp: null, left_out: 0, branches }) as unknown as Branches;

const two = {
  length: 2,
  blocks: [block(9, "b9"), block(8, "b8")],
  from: block(7, "m7", true),
};

const places = ({ dots }: ReturnType<typeof drawing>) =>
  dots.map(({ column, height, stamped }) => `${column}:${height}${stamped ? "*" : ""}`);

describe("the drawing of branches", () => {
  it("has a row for each height that matters, and stamps what is final", () => {
    const found = drawing(known(10, 7, two));
    expect(found.rows.map(({ height }) => height)).toEqual([10, 9, 8, 7]);
    expect(places(found)).toEqual(["0:7*", "0:8", "0:9", "0:10", "1:8", "1:9"]);
    expect(found.lines.every(({ gap }) => !gap)).toBe(true);
  });

  it("shows where a branch leaves the book", () => {
    const { lines, dots } = drawing(known(10, 7, two));
    const first = lines.find(({ column }) => column === 1);
    const at = (column: number, height: number) => dots.find((dot) => dot.column === column && dot.height === height);
    expect(first?.from).toEqual({ x: at(0, 7)?.x, y: at(0, 7)?.y });
    expect(first?.to).toEqual({ x: at(1, 8)?.x, y: at(1, 8)?.y });
  });

  it("lets a branch leave another one", () => {
    const other = { length: 1, blocks: [block(9, "c9")], from: block(8, "b8"), from_branch: 0 };
    const { lines, dots } = drawing(known(10, 7, two, other));
    const from = lines.find(({ column }) => column === 2)?.from;
    expect(dots.find(({ x, y }) => x === from?.x && y === from.y)).toMatchObject({ column: 1, height: 8 });
  });

  it("lets a branch leave another one below the pages that are told of it", () => {
    const blocks = Array.from({ length: 16 }, (_, back) => block(27 - back, `b${27 - back}`));
    const long = { length: 20, blocks, from: block(7, "m7", true) };
    const other = { length: 1, blocks: [block(9, "c9")], from: block(8, "b8") };
    const { lines, dots } = drawing(known(10, 7, long, { ...other, from_branch: 0 }));
    const from = lines.find(({ column }) => column === 2)?.from;
    expect(dots.find(({ x, y }) => x === from?.x && y === from.y)).toMatchObject({ column: 1, height: 8 });
    // A line from the book would say that it leaves that.
    const unknown = drawing(known(10, 7, long, other));
    expect(unknown.lines.filter(({ column }) => column === 2)).toEqual([]);
    expect(unknown.dots.filter(({ column }) => column === 2)).toHaveLength(1);
  });

  it("leaves out the middle of what is long", () => {
    const blocks = Array.from({ length: 16 }, (_, back) => block(500 - back, `b${500 - back}`));
    const found = drawing(known(1000, null, { length: 400, blocks, from: block(100, "m100", true) }));
    expect(found.rows.map(({ height }) => height)).toEqual([1000, 500, 499, 498, 101, 100]);
    expect(found.lines.filter(({ gap }) => gap)).toHaveLength(3);
    expect(found.height).toBeLessThan(300);
  });

  it("is no wider than a phone", () => {
    const many = Array.from({ length: 16 }, (_, at) => ({ ...two, blocks: [block(9, `x${at}`), block(8, `y${at}`)] }));
    const found = drawing(known(10, 7, ...many));
    expect(found.width).toBeLessThan(320);
    expect(new Set(found.dots.map(({ column }) => column)).size).toBe(DRAWN + 1);
  });
});
