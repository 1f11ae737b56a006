import { screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, it } from "vitest";

import { show } from "../../test/show";
import { Calendar } from "./Calendar";

const PLACE = `${location.host}/api/v1/players/bolao1ana/calendar.ics`;

it("leads phones to the calendar, and copies its address for others", async () => {
  const user = userEvent.setup();
  await show(<Calendar account="bolao1ana" closed={false} />);
  await user.click(screen.getByRole("button", { name: "Calendar" }));
  expect(screen.getByRole("link", { name: "Add to my calendar" }).getAttribute("href")).toBe(`webcal://${PLACE}`);
  await user.click(screen.getByRole("button", { name: "Copy the address" }));
  expect(await screen.findByRole("button", { name: "Copied" })).not.toBeNull();
  expect(await navigator.clipboard.readText()).toBe(`http://${PLACE}`);
});

it("gives the file where only players may look, since no calendar could ask for it", async () => {
  const user = userEvent.setup();
  await show(<Calendar account="bolao1ana" closed />);
  await user.click(screen.getByRole("button", { name: "Calendar" }));
  const file = screen.getByRole("link", { name: "Download for my calendar" });
  expect(file.getAttribute("href")).toBe("/api/v1/players/bolao1ana/calendar.ics");
  expect(screen.queryByRole("link", { name: "Add to my calendar" })).toBeNull();
});
