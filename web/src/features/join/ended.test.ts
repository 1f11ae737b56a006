import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { comingOf, endedTicket } from "./join";

const TICKET = { organiser: "bolao1ana", uses: 2, expires: 2_000 };

const came = (organiser: string, expires_s: number) => ({
  invitation: {
    organiser: { account: organiser },
    ticket: { key: "bolao1ticket", uses: 2, expires: new Date(expires_s * 1000).toISOString() },
    organiser_signature: "",
    ticket_signature: "",
  },
});

it("an invitation has ended when its time is over, or as many have come as may", () => {
  const one = came("bolao1ana", 2_000);
  const others = [came("bolao1bob", 2_000), came("bolao1ana", 3_000), { invitation: null }];
  expect(endedTicket(TICKET, [one, ...others], 1_999)).toBeUndefined();
  expect(endedTicket(TICKET, [one, one], 1_999)).toBe("ticket-used-up");
  expect(endedTicket(TICKET, [], 2_000)).toBe("ticket-expired");
});

const at = (s: number) => new Date(s * 1000).toISOString();
const match = (status: string, kickoff_s: number | null, more: Partial<Shapes["MatchBody"]> = {}) =>
  ({
    status,
    kickoff: kickoff_s === null ? null : at(kickoff_s),
    deadline: kickoff_s === null ? null : at(kickoff_s),
    ...more,
  }) as Shapes["MatchBody"];

it("says what comes next, and what is where nothing does", () => {
  const [near, far] = [match("scheduled", 2_000), match("scheduled", 3_000)];
  const record = { version: 0 } as NonNullable<Shapes["MatchBody"]["record"]>;
  const played = match("played", 1_000, { record });
  expect(comingOf([], 1_500)).toBe("none-yet");
  expect(comingOf([played, far, near], 1_500)).toBe(near);
  expect(comingOf([played, match("scheduled", null)], 1_500)).toBe("no-date");
  expect(comingOf([played, match("postponed", 1_000, { record, postponed: true })], 1_500)).toBe("no-date");
  expect(comingOf([played, near], 2_000)).toBe("under-way");
  expect(comingOf([played], 2_000)).toBe("over");
});
