import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { Refused } from "../../identity/refused";
import { poolOptions, rulesOptions } from "../../node/queries";
import { load, RulesError, type Rules } from "../../rules";
import { show } from "../../test/show";
import { speak } from "../../words/languages";
import { Join } from "./Join";
import { fragment, join } from "./join";

vi.mock(import("../../rules"), async (original) => ({ ...(await original()), load: vi.fn<typeof load>() }));

vi.mock(import("./join"), async (original) => ({ ...(await original()), join: vi.fn<typeof join>() }));

const POOL = { id: "pool", name: "Our cup", membership: "invite", organisers: [], totals: { players: 3 } };

const readInvitation = vi.fn<Rules["readInvitation"]>();

beforeEach(() => {
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  vi.mocked(load).mockResolvedValue({ readInvitation } as unknown as Rules);
  location.hash = "#an-invitation";
  localStorage.clear();
});

const shown = () => show(<Join />, [[poolOptions().queryKey, POOL]]);

it("keeps the invitation for whoever looks around first, and comes back without the link", async () => {
  readInvitation.mockResolvedValue({
    pool: "pool",
    named: null,
    ticket: { organiser: "ana", uses: 3, expires: 4_000_000_000 },
    text: "whole",
  });
  await shown();
  await waitFor(() => expect(localStorage.length).toBe(1));
  cleanup();
  location.hash = "";
  readInvitation.mockClear();
  await shown();
  expect(screen.queryByText(/This pool wants an invitation/)).toBeNull();
  await waitFor(() => expect(readInvitation).toHaveBeenCalledWith("whole"));
});

it("calls a link damaged that the rules cannot read", async () => {
  readInvitation.mockRejectedValue(new RulesError("bad-invitation", "no invitation"));
  await shown();
  expect(await screen.findByText(/This link is damaged/)).toBeDefined();
});

it.each([
  ["unknown-invitation", /does not know this link/],
  ["other-invitation", /another invitation than the link stands for/],
])("says of a short link what is wrong with it: %s", async (code, says) => {
  readInvitation.mockRejectedValue(new RulesError(code, "said by the node"));
  await shown();
  expect(await screen.findByText(says)).toBeDefined();
  expect(screen.queryByText("Join the pool")).toBeNull();
});

it("lets nobody join before a link is read", async () => {
  readInvitation.mockReturnValue(new Promise(() => undefined));
  await shown();
  fireEvent.change(screen.getByLabelText("Your name"), { target: { value: "Clara" } });
  expect(screen.getByText("Join the pool").closest("button")?.disabled).toBe(true);
});

it("does not blame the link where the rules did not start", async () => {
  readInvitation.mockRejectedValue(new RulesError("rules-ended", "the rules did not start"));
  await shown();
  expect(await screen.findByText(/did not load/)).toBeDefined();
  expect(screen.queryByText(/damaged/)).toBeNull();
});

it("says that the node is busy, and asks for the invitation again by itself", async () => {
  readInvitation.mockRejectedValueOnce(new RulesError("busy", "the node is busy"));
  readInvitation.mockResolvedValue({ pool: "pool", named: null, ticket: null, text: "whole" });
  await shown();
  expect(await screen.findByText(/much to do at the moment. This page tries again by itself/)).toBeDefined();
  expect(screen.queryByText("Try again")).toBeNull();
  fireEvent.change(screen.getByLabelText("Your name"), { target: { value: "Clara" } });
  await waitFor(() => expect(screen.getByText("Join the pool").closest("button")?.disabled).toBe(false), {
    timeout: 3_000,
  });
  expect(screen.queryByText(/much to do/)).toBeNull();
});

it("joins once a busy node has time", async () => {
  location.hash = "";
  vi.mocked(join)
    .mockRejectedValueOnce(new Refused("unavailable", "busy", { status: 503 }))
    .mockResolvedValue();
  await show(<Join />, [[poolOptions().queryKey, { ...POOL, membership: "open" }]]);
  fireEvent.change(screen.getByLabelText("Your name"), { target: { value: "Clara" } });
  fireEvent.click(screen.getByText("Join the pool"));
  expect(await screen.findByText(/This page tries again by itself/)).toBeDefined();
  await waitFor(() => expect(join).toHaveBeenCalledTimes(2), { timeout: 3_000 });
});

it("does not repeat by itself what the pool refuses", async () => {
  location.hash = "";
  vi.mocked(join)
    .mockReset()
    .mockRejectedValue(new Refused("name-taken", "taken", { status: 409 }));
  await show(<Join />, [[poolOptions().queryKey, { ...POOL, membership: "open" }]]);
  fireEvent.change(screen.getByLabelText("Your name"), { target: { value: "Clara" } });
  fireEvent.click(screen.getByText("Join the pool"));
  expect(await screen.findByText(/has this name already/)).toBeDefined();
  expect(join).toHaveBeenCalledTimes(1);
});

it("reads a link with a stray per cent sign", () => {
  location.hash = "#ab%2Fc";
  expect(fragment()).toBe("ab/c");
  location.hash = "#ab%c";
  expect(fragment()).toBe("ab%c");
});

async function shownWith(...names: string[]): Promise<void> {
  readInvitation.mockReturnValue(new Promise(() => undefined));
  const lookers = names.map((name) => ({ account: name, name }));
  const could = names.length > 0 && { could_look: lookers };
  await show(<Join />, [[poolOptions().queryKey, { ...POOL, tips: "sealed", ...could }]]);
}

it("says at once who could look into sealed tips, where so few keep the book", async () => {
  await shownWith("ana");
  expect(screen.getByText(/Until two more computers keep the book/)).toBeDefined();
});

it("names two keepers who could look together", async () => {
  await shownWith("ana", "bruno");
  expect(screen.getByText(/programs of ana and bruno together/)).toBeDefined();
});

it("warns of nobody where nobody could look", async () => {
  await shownWith();
  expect(screen.queryByText(/keeps? the book/)).toBeNull();
});

it("shows all rules over the page, so that the name stays where it is", async () => {
  location.hash = "";
  await show(<Join />, [
    [poolOptions().queryKey, { ...POOL, membership: "open" }],
    [rulesOptions().queryKey, { rules: {}, sentences: ["Anybody may join."] }],
  ]);
  expect(screen.queryByText("Anybody may join.")).toBeNull();
  fireEvent.click(screen.getByText("All rules"));
  expect((await screen.findByText("Anybody may join.")).closest("dialog")).not.toBeNull();
});

it("says the rules in the reader’s language, and in English what it has no words for", async () => {
  await speak("de");
  location.hash = "";
  const said = [{ template: "Anybody may join." }, { template: "Penalties count {times}.", values: { times: 2 } }];
  const sentences = ["Anybody may join.", "Penalties count 2."];
  await show(<Join />, [
    [poolOptions().queryKey, { ...POOL, membership: "open" }],
    [rulesOptions().queryKey, { rules: {}, sentences, said }],
  ]);
  fireEvent.click(screen.getByText("All rules"));
  expect((await screen.findByText("Mitmachen darf, wer will.")).lang).toBe("");
  expect(screen.getByText("Penalties count 2.").lang).toBe("en");
  await speak("en");
});
