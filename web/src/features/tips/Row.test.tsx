import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { show } from "../../test/show";
import { clockTime } from "../../words/time";
import { ClosedRow } from "./Row";

const AT_S = 4_000_000_000;

it("says when a match begins and that it has no tip, each for itself", async () => {
  const match = {
    code: "PtCh",
    home: { name: "Porto" },
    away: { name: "Benfica" },
    kickoff: new Date(AT_S * 1000).toISOString(),
    record: null,
  } as unknown as Shapes["MatchBody"];
  await show(<ClosedRow match={match} tip={undefined} draft={undefined} lift={() => undefined} />);
  expect(screen.getByText(clockTime(AT_S))).toBeDefined();
  expect(screen.getByText("no tip")).toBeDefined();
});
