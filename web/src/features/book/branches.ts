// Where the book and the branches beside it stand in a drawing: heights as rows, the highest above; the book at the left, each
// branch in a column of its own.

import type { Shapes } from "../../node/client";

export type Branches = Shapes["BranchesBody"];

/** Branches that find room beside each other on a phone. */
export const DRAWN = 5;

export const LEFT = 86;
const COLUMN = 40;
const ROW = 34;
const MARGIN = 20;
/** Pages of a branch that are drawn, from its end on. */
const LAST = 3;

interface Spot {
  x: number;
  y: number;
}

interface Dot extends Spot {
  height: number;
  /** 0 is the book. */
  column: number;
  stamped: boolean;
}

/** What joins a page with one that is built on it; `gap`: not at once, there are pages between. */
interface Line {
  from: Spot;
  to: Spot;
  column: number;
  gap: boolean;
}

interface Drawing {
  width: number;
  height: number;
  rows: { height: number; y: number }[];
  dots: Dot[];
  lines: Line[];
}

type Branch = Branches["branches"][number];

const top = ({ blocks, from }: Branch): number => blocks[0]?.height ?? from.height;

/** The drawing of the book and its first branches. */
export function drawing({ tip, last_final, branches }: Branches): Drawing {
  const drawn = branches.slice(0, DRAWN);
  const heights = new Set([tip.height, ...(last_final == null ? [] : [last_final])]);
  for (const branch of drawn) {
    const { from, length } = branch;
    heights.add(from.height).add(from.height + 1);
    for (let back = 0; back < Math.min(LAST, length); back += 1) heights.add(top(branch) - back);
  }
  const rows = [...heights].sort((one, other) => other - one).map((height, at) => ({ height, y: MARGIN + at * ROW }));
  const rowOf = new Map(rows.map(({ height, y }) => [height, y]));
  const spot = (column: number, height: number): Spot => ({ x: LEFT + column * COLUMN, y: rowOf.get(height) ?? 0 });
  /** The column that a branch leaves; none where that is not drawn. */
  const columnOf = ({ from, from_branch }: Branch, at: number): number | undefined => {
    if (from.main_chain) return 0;
    return from_branch != null && from_branch < at ? from_branch + 1 : undefined;
  };

  const dots: Dot[] = [];
  const lines: Line[] = [];
  /** A column from below, on a page that it is built on, if there is one. */
  const draw = (column: number, first: number, last: number, below?: { column: number; height: number }): void => {
    let before = below;
    for (const { height } of [...rows].reverse()) {
      if (height > last || height < first) continue;
      if (before !== undefined) {
        const gap = height > before.height + 1;
        lines.push({ from: spot(before.column, before.height), to: spot(column, height), column, gap });
      }
      dots.push({ ...spot(column, height), height, column, stamped: column === 0 && height <= (last_final ?? -1) });
      before = { column, height };
    }
  };
  draw(0, 0, tip.height);
  for (const [at, branch] of drawn.entries()) {
    const { height } = branch.from;
    const column = columnOf(branch, at);
    draw(at + 1, height + 1, top(branch), column === undefined ? undefined : { column, height });
  }
  return {
    width: LEFT + drawn.length * COLUMN + MARGIN,
    height: 2 * MARGIN + (rows.length - 1) * ROW,
    rows,
    dots,
    lines,
  };
}
