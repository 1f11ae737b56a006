import { describe, expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { columnsOf, seated, shownOf } from "./columns";
import { movedBy, nearest } from "../../sentences/moved";
import { sayingOf } from "./saying";
import { verdictOf } from "./verdict";

type Bet = Shapes["BetBody"];

/** "Ana 2:1": a tip; "Ana": one that is hidden; "Ana -": one that nobody opened in time. */
function bets(...told: string[]): Bet[] {
  return told.map((text) => {
    const [name = "", score] = text.split(" ");
    const [home = NaN, away = NaN] = (score ?? "").split(":").map(Number);
    const open = score?.includes(":") === true;
    return {
      player: { account: name, name },
      score: open ? { home, away } : null,
      missed: score === "-",
      sealed: !open,
    } as Bet;
  });
}

const names = (people: readonly { name: string }[]): string[] => people.map(({ name }) => name);

describe("who believes in what", () => {
  it("is one column for each way it can end, one’s own tip first, then by scores", () => {
    const columns = columnsOf(bets("Ana 3:1", "Bo 0:0", "Di 1:0", "Eva 2:0", "Me 4:0", "Carla 1:2"), "Me");
    expect(names(columns.home)).toEqual(["Me", "Di", "Eva", "Ana"]);
    expect(names(columns.draw)).toEqual(["Bo"]);
    expect(names(columns.away)).toEqual(["Carla"]);
  });

  it("counts neither what is hidden nor what nobody opened in time", () => {
    const columns = columnsOf(bets("Ana 3:1", "Bo", "Carla -"), undefined);
    expect([names(columns.home), names(columns.shut)]).toEqual([["Ana"], ["Bo"]]);
  });

  it("seats say nothing about tips", () => {
    expect(names(seated(bets("Zoe 1:0", "Me 0:0", "Ana 0:3"), "Me"))).toEqual(["Ana", "Zoe", "Me"]);
    expect(names(seated(bets("Zoe", "Me", "Ana"), "Me"))).toEqual(["Ana", "Zoe", "Me"]);
  });

  it("of a crowd those near the player are shown", () => {
    const crowd = Array.from({ length: 40 }, (_, at) => ({ account: `p${at}`, name: `P${at}` }));
    const table = crowd.map(({ account }) => account);
    const shown = shownOf(crowd, table, "p20");
    expect([shown.size, shown.has("p20"), shown.has("p15"), shown.has("p0")]).toEqual([12, true, true, false]);
    expect(shownOf(crowd.slice(0, 24), table, "p20").size).toBe(24);
  });
});

describe("the sentence", () => {
  const said = (players: number, ...told: string[]) => {
    const saying = sayingOf(columnsOf(bets(...told), "Me"), "Me", players);
    const of = [
      "side" in saying && saying.side,
      "other" in saying && saying.other.name,
      "others" in saying && saying.others,
      "some" in saying && `${saying.some}/${saying.all}`,
    ];
    return [saying.is, ...of.filter((it) => it !== false)].join(" ");
  };

  it.each([
    ["only-you away", 3, ["Me 0:1", "Ana 1:0", "Bo 2:0"]],
    ["only-you draw", 3, ["Me 1:1", "Ana 1:0", "Bo 2:0"]],
    ["only-you home", 3, ["Me 1:0"]],
    ["only-you-and away Carla", 4, ["Me 0:1", "Carla 1:2", "Ana 1:0", "Bo 2:0"]],
    ["everybody home", 3, ["Me 1:0", "Ana 2:0", "Bo 3:0"]],
    ["everybody draw", 2, ["Me 1:1", "Ana 0:0"]],
    ["all-tips home", 4, ["Me 1:0", "Ana 2:0", "Bo 3:0"]],
    ["all-but home Bo", 4, ["Me 1:0", "Ana 2:0", "Carla 2:1", "Bo 0:0"]],
    ["you-and home 2", 5, ["Me 1:0", "Ana 2:0", "Carla 2:1", "Bo 0:0"]],
    ["you-and home 2", 5, ["Me 1:0", "Ana 2:0", "Carla 2:1", "Bo 0:0", "Di 0:0"]],
    ["only draw Bo", 4, ["Ana 2:0", "Carla 2:1", "Bo 0:0"]],
    ["no-one draw", 4, ["Ana 2:0", "Carla 2:1", "Bo 0:1", "Di 0:2"]],
    ["everybody home", 2, ["Ana 2:0", "Carla 2:1"]],
    ["most home 3/7", 7, ["A 2:0", "B 2:1", "C 3:0", "D 0:0", "E 1:1", "F 0:1", "G 0:2"]],
    ["split", 6, ["A 2:0", "B 2:1", "D 0:0", "E 1:1", "F 0:1", "G 0:2"]],
    ["nobody", 6, []],
    ["nobody", 6, ["Ana -"]],
  ])("is “%s” of %i players", (is, players, told) => {
    expect(said(players, ...told)).toBe(is);
  });

  it.each([
    ["hidden", ["Me", "Ana"]],
    ["you away", ["Me 0:1", "Ana 1:0", "Bo"]],
    ["you-and away 1", ["Me 0:1", "Ana 1:2", "Bo"]],
    ["most home 2/3", ["Carla 1:0", "Ana 2:0", "Di 0:0", "Bo"]],
  ])("is “%s” while some are hidden: nothing of everybody or nobody else", (is, told) => {
    expect(said(4, ...told)).toBe(is);
  });
});

describe("what a result made of the tips", () => {
  const scored = (...told: [name: string, score: string, tier: string, points: number][]): Bet[] =>
    told.map(([name, score, tier, points]) => ({ ...bets(`${name} ${score}`)[0], tier, points }) as Bet);

  it.each([
    ["exact", "0:1", "exact", 4],
    ["difference", "1:2", "difference", 3],
    ["winner", "0:3", "tendency", 2],
    ["draw", "1:1", "tendency", 2],
    ["one-team", "2:1", "one_team", 1],
    ["wrong", "2:0", "none", 0],
  ])("is %s", (is, score, tier, points) => {
    const verdict = verdictOf(scored(["Me", score, tier, points], ["Ana", "0:1", "exact", 4]), "Me");
    expect([verdict.is, verdict.mine?.points, names(verdict.exact), verdict.nothing]).toEqual([
      is,
      points,
      ["Ana"],
      false,
    ]);
  });

  it("is nothing of one’s own where there is no tip", () => {
    expect(verdictOf(scored(["Ana", "2:0", "none", 0]), "Me")).toEqual({
      is: "none",
      mine: undefined,
      exact: [],
      nothing: true,
    });
  });
});

describe("who moved", () => {
  const line = (name: string, place: number, points: number, exact = 0) =>
    ({
      player: { account: name, name },
      place,
      points,
      exact,
      differences: 0,
      tendencies: 0,
      tips: 5,
    }) as Shapes["StandingBody"];
  const tip = (name: string, points: number, tier = "exact") => ({ player: { account: name, name }, points, tier });
  const table = [line("Me", 1, 41, 3), line("Carla", 1, 41, 3), line("Ana", 3, 39, 2), line("Zoe", 4, 37, 1)];

  it("is told by the table without the match", () => {
    const moved = movedBy(table, [tip("Me", 4), tip("Carla", 3, "difference"), tip("Ana", 0, "none")], ["exact"]);
    expect(moved.map(({ line: { player }, before, by, points }) => [player.name, before, by, points])).toEqual([
      ["Me", 3, 2, 4],
      ["Carla", 2, 1, 3],
      ["Ana", 1, -2, 0],
      ["Zoe", 4, 0, null],
    ]);
  });

  it("counts what the pool counts between equal points", () => {
    const equal = [line("Me", 1, 10, 2), line("Ana", 2, 10, 1), line("Bo", 3, 0)];
    const before = (breaks: string[]) => movedBy(equal, [], breaks).map((it) => it.before);
    expect([before(["exact"]), before([])]).toEqual([
      [1, 2, 3],
      [1, 1, 3],
    ]);
  });

  it("is nobody by the first match: all began at the first place", () => {
    const first = [line("Me", 1, 4, 1), line("Ana", 2, 0)];
    const moved = movedBy(first, [tip("Me", 4), tip("Ana", 0, "none")], ["exact"]);
    expect(moved.map(({ before, by }) => [before, by])).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  it("shows one’s own line and the nearest that moved", () => {
    const moved = [0, 1, 0, 0, -1, 0].map((by, at) => ({
      line: line(`p${at}`, at + 1, 9 - at),
      before: at + 1 + by,
      by,
      points: null,
    }));
    const shown = nearest(moved, "p3", 3).map(({ line: { player } }) => player.account);
    expect(shown).toEqual(["p1", "p3", "p4"]);
  });
});
