import { fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { show } from "../test/show";
import { MatchSource, type Source } from "./MatchSource";

const needed = {
  code: "zone-needed",
  detail: "which zone?",
  status: 422,
  title: "",
  type: "about:blank",
} as unknown as Error;

it("proposes no zone where it is to be said, and reads nothing before", async () => {
  const read = vi.fn<(source: Source) => Promise<string>>().mockRejectedValue(needed);
  await show(<MatchSource label="Which?" places={["file", "text"]} zone="" read={read} take={vi.fn()} />);
  fireEvent.click(screen.getByText("Pasted"));
  fireEvent.change(screen.getByLabelText("Matches, one a line"), { target: { value: "a list" } });
  fireEvent.click(screen.getByText("Read the matches"));
  const field = await screen.findByLabelText<HTMLInputElement>("Whose local time are these times?");
  expect(field.value).toBe("");
  expect(screen.getByText("Read the matches").closest("button")?.disabled).toBe(true);
});

it.each([
  ["the reader’s own", null, "Asia/Kolkata"],
  ["the computer’s, where that is known", "Europe/Lisbon", "Europe/Lisbon"],
])("proposes %s zone for times that name none, which can be changed", async (_, usual, proposed) => {
  const own = { timeZone: "Asia/Kolkata" } as Intl.ResolvedDateTimeFormatOptions;
  const zone = vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions").mockReturnValue(own);
  const read = vi.fn<(source: Source) => Promise<string>>().mockRejectedValueOnce(needed).mockResolvedValue("found");
  const take = vi.fn();
  await show(<MatchSource label="Which?" places={["file", "text"]} zone={usual} read={read} take={take} />);
  fireEvent.click(screen.getByText("Pasted"));
  fireEvent.change(screen.getByLabelText("Matches, one a line"), { target: { value: "a list" } });
  fireEvent.click(screen.getByText("Read the matches"));
  const field = await screen.findByLabelText<HTMLInputElement>("Whose local time are these times?");
  expect(field.value).toBe(proposed);
  fireEvent.change(field, { target: { value: "Europe/Berlin" } });
  fireEvent.click(screen.getByText("Read the matches"));
  await vi.waitFor(() => expect(take).toHaveBeenCalled());
  expect(read.mock.calls.map(([source]) => source)).toEqual([
    { text: "a list" },
    { text: "a list", zone: "Europe/Berlin" },
  ]);
  zone.mockRestore();
});
