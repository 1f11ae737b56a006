import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";

import type { OwnTip } from "../../identity/drafts/ownTips";
import type { SentTips } from "../../identity/sending/sendTips";
import { ofMatch } from "../../identity/tippable";
import type { Shapes } from "../../node/client";
import { show } from "../../test/show";
import { Done } from "./Done";

vi.mock("./confetti", () => ({ celebrate: () => undefined }));

type Match = Shapes["MatchBody"];

const now_s = Math.floor(Date.now() / 1000);

const match = (no: number, in_s: number | null): Match =>
  ({
    no,
    code: `m${no}`,
    home: { name: `Home ${no}` },
    away: { name: `Away ${no}` },
    kickoff: in_s === null ? null : new Date((now_s + in_s) * 1000).toISOString(),
  }) as unknown as Match;

const sent = [{ on: { no: 1 }, draft: { home: 1, away: 0, stake: 0 } }] as unknown as SentTips["sent"];
const tips = new Map([[1, { match: { no: 1, code: "m1" }, state: "stamped", score: { home: 1, away: 0 } } as OwnTip]]);

const told = async (untipped: Match[]): Promise<string> => {
  await show(<Done sent={sent} tips={tips} untipped={untipped.map(ofMatch)} written />);
  return screen.getByText("1 tip confirmed").parentElement?.textContent ?? "";
};

afterEach(cleanup);

it("says complete once every open match has a tip", async () => {
  expect(await told([])).toMatch(/You are complete\.$/);
});

it("names the next match with a date, whatever was postponed and however they are ordered", async () => {
  const says = await told([match(2, null), match(4, 9 * 86_400), match(3, 60)]);
  expect(says).not.toMatch(/complete/);
  expect(says).toMatch(/Next: Home 3 – Away 3, |Next without a tip: tomorrow/);
});

it("counts those that are open where none of them has a date", async () => {
  expect(await told([match(2, null)])).toMatch(/1 match without a date has no tip yet\.$/);
  cleanup();
  expect(await told([match(2, null), match(3, null)])).toMatch(/2 matches without a date have no tip yet\.$/);
});
