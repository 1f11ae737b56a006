import { fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { show } from "../../test/show";
import type { Rules } from "./first";
import { PointsChoice } from "./PointsChoice";

const RULES: Rules = { membership: "open", tips: "open", consensus: "pos", scheme: "c321" };

const change = vi.fn<(rules: Rules) => void>();

const shown = (more: Partial<Rules> = {}) =>
  show(
    <PointsChoice
      schemes={["kicktipp", "c321", "add", "newer"]}
      rounds={["Final"]}
      rules={{ ...RULES, ...more }}
      change={change}
    />,
  );

const select = () => screen.getByRole<HTMLSelectElement>("combobox");

it("offers schemes by their numbers, and one that it does not know by its name", async () => {
  await shown();
  expect([...select().options].slice(0, 4).map(({ textContent }) => textContent)).toEqual([
    ...["4 / 3 / 2", "3 / 2 / 1"],
    ...["Added up: exact 5, winner 2, difference 1, each team 1", "newer"],
  ]);
  expect(select().selectedOptions[0]?.textContent).toBe("3 / 2 / 1");
  expect(select().closest("label")?.nextElementSibling).toBeNull();
});

it("changes the scheme, and leaves the other rules as they are", async () => {
  const others = { features: { jokers: { factor: 2 } }, tie_breaks: ["wins"] };
  await shown(others);
  fireEvent.change(select(), { target: { value: "scheme:newer" } });
  expect(change).toHaveBeenLastCalledWith({ ...RULES, ...others, scheme: "newer" });
});
