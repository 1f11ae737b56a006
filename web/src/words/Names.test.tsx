import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { show } from "../test/show";
import { Names } from "./Names";

const [ANA, BRUNO] = [
  { name: "Ana", account: "ana" },
  { name: "Bruno", account: "bruno" },
];

it("is one list with those who are only counted", async () => {
  await show(<Names players={[ANA, BRUNO]} more="2 others" />);
  expect(screen.getByTestId("shown").textContent).toMatch(/^Ana, Bruno,? and 2 others$/);
  expect(screen.getAllByRole("link").map(({ textContent }) => textContent)).toEqual(["Ana", "Bruno"]);
});
