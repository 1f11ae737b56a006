import { cleanup, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, it } from "vitest";

import { show } from "../test/show";
import { AfterKickOff, Moved } from "./Moved";
import { moment, seconds } from "./time";

const EARLY = "2096-01-01T18:00:00Z";
const LATE = "2096-01-01T21:00:00Z";
const PAST = "2020-01-01T18:00:00Z";
const says = (at: string) => moment(seconds(at), Date.now() / 1000);

async function textOf(shown: ReactNode) {
  await show(<p data-testid="text">{shown}</p>);
  const text = screen.getByTestId("text").textContent;
  cleanup();
  return text;
}

async function told(kickoff_before: string | null, kickoff_after: string | null, deadline: string | null) {
  const signers = [{ account: "bolao1ana", name: "Ana" }];
  const moved = { kickoff_before, kickoff_after, earliest_kickoff: null, signers, height: 7, time: PAST };
  return textOf(<Moved match={{ moved, deadline, kickoff: kickoff_after }} />);
}

it("tells who moved a match, from when to when, and when tips close if not then", async () => {
  expect(await told(EARLY, LATE, LATE)).toBe(`Ana moved it from ${says(EARLY)} to ${says(LATE)}.`);
  expect(await told(EARLY, LATE, EARLY)).toContain(`Tips still close ${says(EARLY)}.`);
  expect(await told(PAST, LATE, PAST)).toContain(`Tips closed ${says(PAST)}, as planned.`);
  expect(await told(LATE, EARLY, EARLY)).toBe(`Ana moved it from ${says(LATE)} to ${says(EARLY)}.`);
  expect(await told(EARLY, null, null)).toBe(`Postponed by Ana. Kick-off was planned for ${says(EARLY)}.`);
  expect(await told(null, LATE, LATE)).toBe(`Rescheduled by Ana to ${says(LATE)}.`);
});

it("says nothing of a match that was never moved", async () => {
  expect(await textOf(<Moved match={{ moved: null, deadline: EARLY, kickoff: EARLY }} />)).toBe("");
});

it("marks a tip that was made after a kick-off that was moved", async () => {
  expect(await textOf(<AfterKickOff bet={{ after_kickoff: true }} />)).toBe("after first kick-off");
  expect(await textOf(<AfterKickOff bet={{}} />)).toBe("");
});
