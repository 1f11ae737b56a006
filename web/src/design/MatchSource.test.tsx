import { fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { show } from "../test/show";
import { MatchSource, type Source } from "./MatchSource";

const problem = (code: string, detail: string, line?: number) =>
  ({ code, detail, line, status: 422, title: "", type: "about:blank" }) as unknown as Error;

const needed = problem("zone-needed", "which zone?");

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

async function pasted(text: string, error: Error, read = vi.fn<(source: Source) => Promise<string>>()) {
  read.mockRejectedValueOnce(error);
  await show(<MatchSource label="Which?" places={["file", "text"]} zone="" read={read} take={vi.fn()} />);
  fireEvent.click(screen.getByText("Pasted"));
  fireEvent.change(screen.getByLabelText("Matches, one a line"), { target: { value: text } });
  fireEvent.click(screen.getByText("Read the matches"));
  return read;
}

it("says which line names no two teams, in its own words", async () => {
  await pasted("14 June 2030 19:00 Portugal v Spain\nhello", problem("no-teams", "take it out", 2));
  expect(await screen.findByText(/Line 2 cannot be read/)).toBeDefined();
  expect(screen.getByText("hello", { selector: "bdi" })).toBeDefined();
  expect(screen.getByText(/names no two teams/)).toBeDefined();
  expect(screen.queryByText(/computer says/)).toBeNull();
});

it("says what the program says where a line is wrong in another way", async () => {
  await pasted("31 June 2030 Portugal v Spain", problem("bad-line", "there is no such day", 1));
  expect(await screen.findByText(/Line 1 cannot be read/)).toBeDefined();
  expect(screen.getByText(/there is no such day/)).toBeDefined();
});

it("says why nothing is read before the zone is said, and proposes those of a city", async () => {
  const read = await pasted("a list", needed);
  expect(await screen.findByText(/press “Read the matches” again/)).toBeDefined();
  const field = screen.getByLabelText<HTMLInputElement>("Whose local time are these times?");
  expect(screen.getByText(/Needed before the list can be read/)).toBeDefined();
  fireEvent.change(field, { target: { value: "berlin" } });
  fireEvent.click(screen.getByText("Read the matches"));
  expect(await screen.findByText("“berlin” is no time zone.")).toBeDefined();
  expect(read).toHaveBeenCalledTimes(1);
  fireEvent.click(screen.getByRole("button", { name: "Europe/Berlin" }));
  expect(field.value).toBe("Europe/Berlin");
  expect(screen.queryByText(/is no time zone/)).toBeNull();
  fireEvent.click(screen.getByText("Read the matches"));
  await vi.waitFor(() => expect(read).toHaveBeenLastCalledWith({ text: "a list", zone: "Europe/Berlin" }, false));
});
