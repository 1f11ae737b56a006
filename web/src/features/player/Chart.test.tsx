import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { show } from "../../test/show";
import Chart from "./Chart";

it("counts in whole points, however few there are", async () => {
  const never = class {
    observe = vi.fn();
    disconnect = vi.fn();
  };
  vi.stubGlobal("ResizeObserver", never);
  await show(<Chart title="Points" of="Round" dots={[{ x: 1, y: 0, says: "Matchday 1" }]} />);
  const ticks = screen.getByRole("img").querySelectorAll("g text");
  expect([...ticks].map(({ textContent }) => textContent)).toEqual(["0", "1"]);
});
