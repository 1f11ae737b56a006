import { screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { useOwnTips } from "../../identity/drafts/ownTips";
import { show } from "../../test/show";
import { Matrix } from "./Matrix";

vi.mock(import("../../identity/drafts/ownTips"), async (original) => ({
  ...(await original()),
  useOwnTips: vi.fn<typeof useOwnTips>(),
}));

const ROUND = "Matchday 1";
const match = { no: 1, code: "PtEs", home: { name: "Portugal" }, away: { name: "Spain" }, record: null };
const row = (name: string) => ({ player: { account: name, name }, points: 0, cells: [{ sealed: true, score: null }] });
const page = { players: 2, matches: [match], items: [row("ana"), row("bruno")], next_cursor: null };

// jsdom lays nothing out, and of what has no room nothing is drawn.
vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(360);
vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);

async function shown(tip: object): Promise<void> {
  const own = { tips: new Map([[1, { sealed: true, bet: {}, ...tip }]]) };
  vi.mocked(useOwnTips).mockReturnValue(own as unknown as ReturnType<typeof useOwnTips>);
  const round = { pages: [page], pageParams: [{ cursor: "", limit: 50 }] };
  await show(<Matrix pool="pool" stage={ROUND} own="ana" />, [
    [["get", "/api/v1/rounds/{stage}/matrix", ROUND], round],
  ]);
}

const cellsOf = async (name: string) =>
  within((await screen.findByText(name)).closest<HTMLElement>('[role="row"]') ?? document.body);

it("shows one’s own sealed tip, as hidden from the others, and nobody else’s", async () => {
  await shown({ score: { home: 2, away: 1 } });
  expect((await cellsOf("ana")).getByLabelText("2:1, hidden from the others").textContent).toBe("2:1");
  expect((await cellsOf("bruno")).getByLabelText("Hidden")).toBeDefined();
});

it.each([
  ["that the key has not read", { score: null }],
  ["of which another is on its way", { score: { home: 2, away: 1 }, bet: undefined }],
])("shows a lock for a tip %s", async (_, tip) => {
  await shown(tip);
  expect((await cellsOf("ana")).getByLabelText("Hidden")).toBeDefined();
});
