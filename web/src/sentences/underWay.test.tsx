import { cleanup, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Shapes } from "../node/client";
import type { Live } from "../node/live";
import { show } from "../test/show";
import { MatchPhase } from "./MatchPhase";
import { stageOf } from "./underWay";

const KICKOFF_S = Date.parse("2026-06-11T19:00:00Z") / 1000;
const match = (more: object = {}) =>
  ({
    kickoff: "2026-06-11T19:00:00Z",
    deadline: "2026-06-11T18:00:00Z",
    status: "closed",
    postponed: false,
    record: null,
    ...more,
  }) as unknown as Shapes["MatchBody"];

it.each([
  [-7200, "none", { status: "scheduled" }],
  [-3600, "closed", { status: "scheduled" }],
  [-1, "closed", {}],
  [0, "fresh", { status: "scheduled" }],
  [89, "fresh", {}],
  [90, "on", {}],
  [6299, "on", {}],
  [6300, "over", {}],
  [60, "none", { postponed: true }],
  [60, "none", { kickoff: null }],
  [60, "none", { record: { outcome: { status: "played" } } }],
])("%i s from its kick-off a match is “%s”", (after_s, stage, more) => {
  expect(stageOf(match(more), KICKOFF_S + after_s)).toBe(stage);
});

it("awaits no result of a match that cannot be over", async () => {
  const said = async (ago_s: number, live?: Partial<Live>) => {
    const kickoff = new Date(Date.now() - ago_s * 1000).toISOString();
    await show(<MatchPhase match={match({ kickoff, deadline: kickoff })} live={live as Live | undefined} />);
    const text = screen.getByTestId("shown").textContent;
    cleanup();
    return text;
  };
  expect(await said(40)).toBe("Under way");
  expect(await said(6000)).toBe("Under way");
  expect(await said(6400)).toBe("Awaiting result");
  expect(await said(600, { minute: 10 })).toBe("Live · 10 min");
  expect(await said(-600)).toBe("Tips closed");
});
