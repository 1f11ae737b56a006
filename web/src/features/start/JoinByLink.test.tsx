import { fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { RulesError } from "../../rules";
import { show } from "../../test/show";
import { joinBy, type Begun } from "./first";
import { JoinByLink } from "./JoinByLink";

vi.mock(import("./first"), async (original) => ({ ...(await original()), joinBy: vi.fn<typeof joinBy>() }));

const problem = (code: string) => ({ code, status: 422, title: "", type: "about:blank", detail: "raw words" });

it.each([
  ["bad-invitation", /Part of this link is missing/],
  ["unknown-invitation", /doesn’t know this link/],
  ["no-link", /isn’t a link to a pool/],
  ["away", /Can’t reach the computer/],
  ["name-taken", /That name’s taken/],
  ["ticket-expired", /has expired/],
])("says in its own words why this computer cannot join: %s", async (code, says) => {
  vi.mocked(joinBy).mockRejectedValue(problem(code));
  await joined();
  expect(await screen.findByText(says)).toBeDefined();
  expect(screen.queryByText(/raw words/)).toBeNull();
});

it("says what a name may be", async () => {
  vi.mocked(joinBy).mockRejectedValue(new RulesError("bad-name", "raw words"));
  await joined();
  expect(await screen.findByText(/up to 32 letters/)).toBeDefined();
});

it("quotes what it has no words for", async () => {
  vi.mocked(joinBy).mockRejectedValue(problem("refused"));
  await joined();
  expect(await screen.findByText(/raw words/)).toBeDefined();
});

async function joined(): Promise<void> {
  await show(<JoinByLink begun={{} as Begun} done={vi.fn()} back={vi.fn()} />, []);
  fireEvent.change(screen.getByLabelText("The link your friend sent you"), { target: { value: "x" } });
  fireEvent.change(screen.getByLabelText("What do your friends call you?"), { target: { value: "Clara" } });
  fireEvent.click(screen.getByText("Join the pool"));
}
