import { fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { show } from "../test/show";
import { Sheet } from "./Sheet";

it("closes where one presses beside it, and not where a drag that began inside ends", async () => {
  const close = vi.fn();
  await show(
    <Sheet title="Words" open close={close}>
      <input />
    </Sheet>,
  );
  const dialog = screen.getByRole("dialog");
  fireEvent.pointerDown(screen.getByRole("textbox"));
  fireEvent.click(dialog);
  expect(close).not.toHaveBeenCalled();
  fireEvent.pointerDown(dialog);
  fireEvent.click(dialog);
  expect(close).toHaveBeenCalledOnce();
});
