import { createEvent, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { Begun, Preview } from "../../features/start/first";
import { Make } from "../../features/start/Make";
import { show } from "../../test/show";
import { speak } from "../../words/languages";

const BEGUN: Begun = {
  ...{ token: "t", url: "", viewers: "everybody", schemes: ["kicktipp"] },
  rules: { membership: "invite", tips: "open", consensus: "pos", scheme: "kicktipp", features: { jokers: {} } },
};
const MATCH = {
  ...{ code: "A1", home: "Porto", away: "Benfica" },
  ...{ kickoff: "2090-01-01T12:00:00Z", date: "2090-01-01", round: "Final" },
};
const PREVIEW: Preview = { name: "Cup", matches: [MATCH], left_out: [], warnings: [], odd: [], file: "{}" };

/** What the program was asked for. */
const asked = vi.fn<(body: string) => void>();

beforeEach(() => {
  asked.mockReset();
  vi.stubGlobal("fetch", (_: string, { body }: { body: string }) => {
    asked(body);
    return new Promise(() => undefined);
  });
});
afterEach(() => speak("en"));

vi.mock(import("../../rules"), async (original) => ({
  ...(await original()),
  load: () => Promise.resolve({ checkName: () => Promise.resolve(), checkWords: () => Promise.resolve() } as never),
}));

const tap = (name: string) => fireEvent.click(screen.getByRole("radio", { name }));
const group = (name: string) => screen.getByRole("radiogroup", { name });
const write = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const yes = () => fireEvent.click(group("Entry fee?").querySelector("[value=yes]") ?? document.body);

/** Shows what a new pool is asked, with its names. */
async function shown(): Promise<void> {
  await show(<Make begun={BEGUN} preview={PREVIEW} back={() => undefined} done={() => undefined} />);
  write("What do your friends call you?", "Ana");
}

/** The optional rules of the pool that is made. */
async function made(): Promise<unknown> {
  fireEvent.click(screen.getByRole("button", { name: "Make the pool" }));
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce());
  return (JSON.parse(asked.mock.lastCall?.[0] ?? "") as { rules: { features: unknown } }).rules.features;
}

it("is off", async () => {
  await shown();
  expect(screen.getByText("Nobody pays anything to play.")).toBeDefined();
  expect(screen.queryByLabelText("Currency")).toBeNull();
  expect(await made()).toEqual({ jokers: {} });
});

it("has an amount, a currency and shares, and leaves the other rules as they are", async () => {
  await shown();
  yes();
  expect(screen.getByText(/^The money stays among you/)).toBeDefined();
  write("Amount for each player", " 12,50");
  write("Currency", "CHF");
  tap("50 / 30 / 20");
  expect(await made()).toEqual({ jokers: {}, fee: { amount: "12,50", currency: "CHF", split: [50, 30, 20] } });
});

it("has usual ones, and can be taken back", async () => {
  await shown();
  yes();
  tap("All to the first");
  fireEvent.click(group("Entry fee?").querySelector("[value=no]") ?? document.body);
  yes();
  expect(await made()).toEqual({ jokers: {}, fee: { amount: "10", currency: "€", split: [60, 30, 10] } });
});

it("is in reais where Portuguese is spoken", async () => {
  await speak("pt");
  await show(<Make begun={BEGUN} preview={PREVIEW} back={() => undefined} done={() => undefined} />);
  fireEvent.click(group("Taxa de inscrição?").querySelector("[value=yes]") ?? document.body);
  expect(screen.getByLabelText<HTMLInputElement>("Moeda").value).toBe("R$");
});

it.each([
  ["Amount for each player", "1.000,50", /^Such as 10 or 12\.50/],
  ["Currency", " ", "Such as €."],
])("lets no pool be made with a wrong one: %s", async (label, text, says) => {
  await shown();
  yes();
  write(label, text);
  expect(screen.getByText(says)).toBeDefined();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Check the options first" }).disabled).toBe(true);
  fireEvent.submit(screen.getByLabelText(label));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(asked).not.toHaveBeenCalled();
});

it("does not make the pool when an amount is ended with Enter", async () => {
  await shown();
  yes();
  const field = screen.getByLabelText("Amount for each player");
  const pressed = createEvent.keyDown(field, { key: "Enter" });
  fireEvent(field, pressed);
  expect(pressed.defaultPrevented).toBe(true);
});
