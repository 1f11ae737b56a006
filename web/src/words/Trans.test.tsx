import { Trans } from "@lingui/react/macro";
import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { show } from "../test/show";

it.each(["Eva<valueOf/>", "Ana<b/>", "<0>Ana</0>", "x <1/> y"])("shows %s as it is written", async (name) => {
  await show(
    <Trans>
      <b>{name}</b> says that this is wrong, {name}
    </Trans>,
  );
  expect(screen.getByTestId("shown").textContent).toBe(`${name} says that this is wrong, ${name}`);
});
