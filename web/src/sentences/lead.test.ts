import { expect, it } from "vitest";

import { leadOf } from "./lead";

const table = (...lines: [name: string, before: number | undefined, place: number][]) =>
  lines.map(([account, before, place]) => ({ player: { account }, place, ...(before !== undefined && { before }) }));

const saidTo = (own: string | undefined, ...lines: Parameters<typeof table>) => {
  const lead = leadOf(table(...lines), own);
  const names = (of: { account: string }[]) => of.map(({ account }) => account).join();
  return lead && `${names(lead.first)} ${lead.is} ${names(lead.others)}`.trim();
};
const said = (...lines: Parameters<typeof table>) => saidTo(undefined, ...lines);

it("tells a change of lead", () => {
  expect(said(["bruno", 3, 1], ["carla", 2, 1], ["ana", 1, 3])).toBe("bruno,carla overtake ana");
  expect(said(["ana", 1, 1], ["bruno", 2, 1])).toBe("bruno level ana");
  expect(said(["ana", 1, 1], ["bruno", 1, 2])).toBe("ana ahead bruno");
});

it("tells that none changed", () => {
  expect(said(["ana", 1, 1], ["bruno", 2, 2])).toBe("ana stay");
  expect(said(["ana", undefined, 1])).toBe("ana stay");
  expect(said()).toBeUndefined();
});

it("tells who passed whom near a player, while none else leads", () => {
  const lines: Parameters<typeof table> = [
    ["ana", 1, 1],
    ["carla", 3, 2],
    ["tomasz", 2, 3],
    ["bo", 4, 4],
    ["di", 5, 5],
    ["eva", 7, 6],
    ["fred", 6, 7],
  ];
  const near = (own: string) => saidTo(own, ...lines);
  expect(near("carla")).toBe("carla pass tomasz");
  expect(near("tomasz")).toBe("carla pass tomasz");
  expect(near("bo")).toBe("carla pass tomasz");
  expect(near("di")).toBe("eva pass fred");
  expect(near("fred")).toBe("eva pass fred");
  expect(saidTo(undefined, ...lines)).toBe("ana stay");
  expect(leadOf(table(...lines), "bo")?.place).toBe(2);
});
