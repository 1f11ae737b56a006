import { describe, expect, it } from "vitest";

import { inOrder, lean, nearNow } from "./tips";

const bet = (name: string, score: [number, number] | null, points: number | null = null) => ({
  player: { account: name, name },
  score: score === null ? null : { home: score[0], away: score[1] },
  points,
});

describe("how the group leans", () => {
  it("counts winners, draws and what is sealed, but not what nobody opened in time", () => {
    const missed = { ...bet("f", null), missed: true };
    const read = [bet("a", [2, 1]), bet("b", [0, 0]), bet("c", [0, 3]), bet("d", [1, 0])];
    expect(lean([...read, bet("e", null), missed])).toEqual({ home: 2, draw: 1, away: 1, sealed: 1 });
  });
});

describe("tips of a match", () => {
  it("stand by points, then by who is to win, then by name", () => {
    const names = inOrder([
      bet("e", null),
      bet("b", [1, 1]),
      bet("c", [1, 1]),
      bet("d", [0, 1]),
      bet("z", [1, 0]),
      bet("a", [2, 1], 4),
    ]).map(({ player }) => player.name);
    expect(names).toEqual(["a", "z", "b", "c", "d", "e"]);
  });
});

describe("what a tip would give", () => {
  const live = { home: 0, away: 1 };
  const gains = (points: number, one = true) => ({ of: new Map([["a", points]]), one });
  const gives = (home: number, away: number, by?: ReturnType<typeof gains>) => nearNow({ home, away }, live, "a", by);

  it("is told by who is to win, while nothing else is known", () => {
    expect([gives(0, 1), gives(1, 2), gives(1, 1)]).toEqual(["exact", "points", "none"]);
  });

  it("is what the pool’s own scheme gives", () => {
    expect([gives(0, 2, gains(0)), gives(1, 1, gains(1)), gives(1, 2, gains(3))]).toEqual(["none", "points", "points"]);
  });

  it("of several matches at once, is points only where the right team is ahead", () => {
    expect([gives(1, 1, gains(3, false)), gives(1, 2, gains(3, false))]).toEqual(["none", "points"]);
  });
});
