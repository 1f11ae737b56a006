import { expect, it } from "vitest";

import { leadOf } from "./lead";

const table = (...lines: [name: string, before: number | undefined, place: number][]) =>
  lines.map(([account, before, place]) => ({ player: { account }, place, ...(before !== undefined && { before }) }));

const said = (...lines: Parameters<typeof table>) => {
  const lead = leadOf(table(...lines));
  const names = (of: { account: string }[]) => of.map(({ account }) => account).join();
  return lead && `${names(lead.first)} ${lead.is} ${names(lead.others)}`.trim();
};

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
