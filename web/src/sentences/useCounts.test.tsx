import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { show } from "../test/show";
import { useCounts } from "./useCounts";

const JOKER = { template: "×{factor}", values: { factor: 3 } };

const Line = ({ multiplier, counts }: { multiplier: number; counts?: (typeof JOKER)[] }) => (
  <p>[{useCounts({ multiplier, ...(counts && { counts }) }).join(" · ")}]</p>
);

it.each([
  ["nothing", { multiplier: 1 }, "[]"],
  ["the stage", { multiplier: 2 }, "[points × 2]"],
  ["something else", { multiplier: 1, counts: [JOKER] }, "[×3]"],
  ["the stage and something else", { multiplier: 2, counts: [JOKER] }, "[points × 2 · ×3]"],
  ["nothing that this page has words for", { multiplier: 2, counts: [{ ...JOKER, template: "new" }] }, "[points × 2]"],
])("tells by %s what makes a match count otherwise", async (_, match, says) => {
  await show(<Line {...match} />);
  expect(await screen.findByText(says)).toBeDefined();
});
