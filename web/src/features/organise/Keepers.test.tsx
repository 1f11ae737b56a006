import { screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { offer, seat, signatures } from "../../identity/seen";
import type { inOffice } from "../../identity/send";
import type { Shapes } from "../../node/client";
import { poolOptions } from "../../node/queries";
import { show } from "../../test/show";
import { Keepers } from "./Keepers";

const given = vi.fn<typeof inOffice>(() => Promise.resolve(() => Promise.resolve([])));

vi.mock("../../identity/send", () => ({ inOffice: (...of: Parameters<typeof inOffice>) => given(...of) }));

const ANA = { account: "ana", name: "Ana" };
const BRUNO = { account: "bruno", name: "Bruno" };
const SEAT = { validator: ANA, key: "aa", weight: 2 };
const APPOINTED = { type: "appoint", validator: { account: "bruno", key: "bb", weight: 2 } } as const;

const open = (more: object) =>
  show(
    <Keepers
      account="clara"
      body={
        {
          validators: [SEAT],
          waiting: [],
          offers: [],
          change: { by: "appointed", signatures_needed: 2 },
          ...more,
        } as unknown as Shapes["ValidatorsBody"]
      }
    />,
    [[poolOptions().queryKey, { id: "pool" }]],
  );

it("of how many votes a keeper gets some is looked up in the book, where an offer is accepted", async () => {
  await open({ offers: [{ player: BRUNO, key: "bb" }] });
  await userEvent.click(screen.getByText("Accept"));
  expect(screen.getByText("It has 2 votes of 4.")).toBeDefined();
  await userEvent.click(screen.getByText("Sign it"));
  expect(given).toHaveBeenLastCalledWith("pool", [{ act: APPOINTED, seen: [offer(BRUNO, "bb"), seat(SEAT)] }]);
});

it("and where others have signed it", async () => {
  const vote = { validator: BRUNO, key: "bb", weight: 2, signers: [ANA], signatures_needed: 2 };
  await open({ waiting: [vote] });
  expect(screen.getByText("It has 2 votes of 4.")).toBeDefined();
  await userEvent.click(screen.getByText("Sign the same"));
  expect(given).toHaveBeenLastCalledWith("pool", [
    { act: APPOINTED, seen: [...signatures(APPOINTED, [ANA]), seat(SEAT)] },
  ]);
});
