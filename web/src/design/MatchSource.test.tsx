import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { show } from "../test/show";
import { MatchSource, type ListText, type Source } from "./MatchSource";
import { doubtsOf } from "./reading";

const problem = (code: string, detail: string, line?: number) =>
  ({ code, detail, line, status: 422, title: "", type: "about:blank" }) as unknown as Error;

const needed = problem("zone-needed", "which zone?");

const reader = () => vi.fn<(source: Source) => Promise<string>>();

const write = (text: string) =>
  fireEvent.change(screen.getByLabelText("Your list of matches"), { target: { value: text } });

async function pasted(
  text: string,
  read: ReturnType<typeof reader>,
  of: { zone?: string } = { zone: "" },
  take = vi.fn(),
  textOf = vi.fn<(file: Blob) => Promise<ListText>>(),
) {
  await show(
    <MatchSource {...of} textOf={textOf} read={read} understood={(found) => found} take={take} go={() => "Take it"} />,
  );
  write(text);
  return take;
}

it("reads what is pasted without a tap, and gives what was understood", async () => {
  const take = await pasted("a list", reader().mockResolvedValue("two matches"));
  expect(await screen.findByText("two matches")).toBeDefined();
  fireEvent.click(screen.getByText("Take it"));
  expect(take).toHaveBeenCalledWith("two matches");
});

const SHEET = new File(["PK"], "cup.xlsx");
const SHOWN = { rows: "", columns: "", cells: "", sheets: "" };

it("reads a file that is chosen, and shows its text", async () => {
  const read = reader().mockResolvedValue("one match");
  await pasted("", read, {}, vi.fn(), vi.fn().mockResolvedValue({ text: "Lions v Tigers", unseen: SHOWN }));
  fireEvent.change(screen.getByLabelText("Choose a file"), { target: { files: [SHEET] } });
  expect(await screen.findByText("one match")).toBeDefined();
  expect(screen.getByLabelText<HTMLTextAreaElement>("Your list of matches").value).toBe("Lions v Tigers");
  expect(screen.queryByText(/hidden/)).toBeNull();
});

/** Hidden rows were matches like all others, and nothing was said. */
it("says what of a spreadsheet nobody sees, and was not read", async () => {
  const unseen = { rows: "5, 9–12", columns: "B", cells: "C7", sheets: "Lists" };
  const textOf = vi.fn().mockResolvedValueOnce({ text: "Lions v Tigers", unseen });
  await pasted("", reader().mockResolvedValue("one match"), {}, vi.fn(), textOf);
  const choose = () => fireEvent.change(screen.getByLabelText("Choose a file"), { target: { files: [SHEET] } });
  choose();
  expect(await screen.findByText("Hidden rows: 5, 9–12")).toBeDefined();
  for (const says of ["Hidden columns: B", "Text that can’t be seen: C7", "Hidden sheets: Lists"])
    expect(screen.getByText(says)).toBeDefined();
  textOf.mockResolvedValueOnce({ text: "Lions v Bears", unseen: SHOWN });
  choose();
  await waitFor(() => expect(screen.queryByText(/Hidden rows/)).toBeNull());
});

it("says of a file that is dropped why it cannot be read, until another list comes", async () => {
  const why = problem("bad-fixtures", "no sheet of it has a table");
  await pasted("", reader().mockResolvedValue("one match"), {}, vi.fn(), vi.fn().mockRejectedValue(why));
  fireEvent.drop(screen.getByLabelText("Your list of matches"), { dataTransfer: { files: [SHEET] } });
  expect(await screen.findByText(/no sheet of it has a table/)).toBeDefined();
  write("a list");
  expect(await screen.findByText("one match")).toBeDefined();
  expect(screen.queryByText(/no sheet of it/)).toBeNull();
});

it("reads once, when nobody types any more", async () => {
  const read = reader().mockResolvedValue("all");
  await pasted("a", read);
  write("a l");
  write("a list");
  expect(await screen.findByText("all")).toBeDefined();
  expect(read.mock.calls.map(([source]) => source)).toEqual([{ text: "a list" }]);
});

it("gives the answer to what was written last", async () => {
  const read = reader();
  let answerLate: ((found: string) => void) | undefined;
  read.mockReturnValueOnce(new Promise((resolve) => (answerLate = resolve))).mockResolvedValueOnce("newer");
  await pasted("older", read);
  await waitFor(() => expect(read).toHaveBeenCalledTimes(1));
  write("newer");
  expect(await screen.findByText("newer", { selector: "div" })).toBeDefined();
  answerLate?.("older");
  await new Promise((resolve) => setTimeout(resolve));
  expect(screen.queryByText("older")).toBeNull();
});

it("proposes no zone where it is to be said, and reads nothing before", async () => {
  const read = reader().mockRejectedValueOnce(needed).mockResolvedValue("found");
  await pasted("a list", read);
  const field = await screen.findByLabelText<HTMLInputElement>("Which city’s time is this?");
  expect(field.value).toBe("");
  expect(screen.getByText(/Needed before the list can be read/)).toBeDefined();
  expect(screen.queryByText("Take it")).toBeNull();
  fireEvent.change(field, { target: { value: "berlin" } });
  fireEvent.click(await screen.findByRole("button", { name: "Europe/Berlin" }));
  expect(await screen.findByText("Take it")).toBeDefined();
  expect(read.mock.calls.map(([source]) => source)).toEqual([
    { text: "a list" },
    { text: "a list", zone: "Europe/Berlin" },
  ]);
});

it("says of what is no zone that it is none", async () => {
  await pasted("a list", reader().mockRejectedValue(needed));
  fireEvent.change(await screen.findByLabelText("Which city’s time is this?"), { target: { value: "qqq" } });
  expect(await screen.findByText("“qqq” is no time zone.")).toBeDefined();
});

it("reads times that name no zone in the reader’s own, which can be changed", async () => {
  const own = { timeZone: "Asia/Kolkata" } as Intl.ResolvedDateTimeFormatOptions;
  const zone = vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions").mockReturnValue(own);
  const read = reader().mockRejectedValueOnce(needed).mockResolvedValue("found");
  await pasted("a list", read, {});
  expect(await screen.findByText("found")).toBeDefined();
  const field = screen.getByLabelText<HTMLInputElement>("Which city’s time is this?");
  expect(field.value).toBe("Asia/Kolkata");
  fireEvent.change(field, { target: { value: "Europe/Berlin" } });
  await waitFor(() => expect(read).toHaveBeenLastCalledWith({ text: "a list", zone: "Europe/Berlin" }, false));
  zone.mockRestore();
});

const BAD = problem(
  "bad-line",
  'line 2 of the file, "hello": it names no two teams; take it out\nline 3 of the file, "31 June": `date` is "31 June", and there is no such day; correct it',
  2,
);
const LIST = "14 June 2030 19:00 Portugal v Spain\nhello\n31 June 2030 France v Italy";

it("says of all doubtful lines what is wrong, and understands the others", async () => {
  const read = reader().mockRejectedValueOnce(BAD).mockResolvedValue("one match");
  await pasted(LIST, read);
  expect(await screen.findByText("one match")).toBeDefined();
  expect(read).toHaveBeenLastCalledWith({ text: "14 June 2030 19:00 Portugal v Spain\n\n" }, false);
  expect(screen.getByText("2 lines aren’t clear")).toBeDefined();
  expect(screen.getByLabelText<HTMLInputElement>("Line 2").value).toBe("hello");
  expect(screen.getByText("It doesn’t name two teams.")).toBeDefined();
  expect(screen.getByText("There’s no such day.")).toBeDefined();
});

it("reads a line again as soon as it is mended in place", async () => {
  const read = reader().mockRejectedValueOnce(BAD).mockResolvedValueOnce("one match").mockResolvedValue("all three");
  await pasted(LIST, read);
  const field = await screen.findByLabelText("Line 3");
  fireEvent.change(field, { target: { value: "30 June 2030 France v Italy" } });
  fireEvent.blur(field);
  expect(await screen.findByText("all three")).toBeDefined();
  expect(read).toHaveBeenLastCalledWith({ text: LIST.replace("31 June", "30 June") }, false);
  expect(screen.queryByText(/aren’t clear/)).toBeNull();
});

it("asks for the zone of the other lines, too", async () => {
  const read = reader().mockRejectedValueOnce(BAD).mockRejectedValueOnce(needed).mockRejectedValueOnce(BAD);
  read.mockResolvedValue("one match");
  await pasted(LIST, read, { zone: "Europe/Lisbon" });
  expect(await screen.findByText("one match")).toBeDefined();
  expect(screen.getByText("2 lines aren’t clear")).toBeDefined();
});

it("takes what an error says of its line where it does not tell of all", () => {
  expect(doubtsOf(problem("no-teams", "take it out", 2))).toEqual([{ line: 2, reason: "take it out" }]);
  expect(doubtsOf(problem("bad-fixtures", "no list"))).toEqual([]);
});
