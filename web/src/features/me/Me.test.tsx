import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { openedOptions } from "../../keys/useOpened";
import { poolOptions } from "../../node/queries";
import { show } from "../../test/show";
import { Me } from "./Me";

it("shows everybody the rules, also who does not play", async () => {
  await show(<Me />, [
    [poolOptions().queryKey, { id: "pool", organisers: [] }],
    [openedOptions("pool").queryKey, { pool: {}, said: [{ template: "Anyone can join." }] }],
  ]);
  fireEvent.click(screen.getByRole("button", { name: "The rules of this pool" }));
  const rule = await screen.findByText("Anyone can join.");
  expect(rule.closest("dialog")).not.toBeNull();
});
