import { expect, it } from "vitest";

import { endedTicket } from "./join";

const TICKET = { organiser: "bolao1ana", uses: 2, expires: 2_000 };

const came = (organiser: string, expires_s: number) => ({
  invitation: {
    organiser: { account: organiser },
    uses: 2,
    expires: new Date(expires_s * 1000).toISOString(),
    ticket: "bolao1ticket",
  },
});

it("an invitation has ended when its time is over, or as many have come as may", () => {
  const one = came("bolao1ana", 2_000);
  const others = [came("bolao1bob", 2_000), came("bolao1ana", 3_000), { invitation: null }];
  expect(endedTicket(TICKET, [one, ...others], 1_999)).toBeUndefined();
  expect(endedTicket(TICKET, [one, one], 1_999)).toBe("ticket-used-up");
  expect(endedTicket(TICKET, [], 2_000)).toBe("ticket-expired");
});
