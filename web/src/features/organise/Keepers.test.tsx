import { screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { offer, seat, signatures } from "../../identity/assent/reported";
import type { inOffice } from "../../identity/sending/send";
import type { Shapes } from "../../node/client";
import { poolOptions } from "../../node/queries";
import { show } from "../../test/show";
import { Keepers } from "./Keepers";

const given = vi.fn<typeof inOffice>(() => Promise.resolve(() => Promise.resolve([])));

vi.mock("../../identity/sending/send", () => ({ inOffice: (...of: Parameters<typeof inOffice>) => given(...of) }));

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

const seatOf = (name: string, weight = 1) => ({ validator: { account: name, name }, key: name, weight });

const appointed = async (validators: object[], consensus = "pos") => {
  await show(
    <Keepers
      account="clara"
      body={
        {
          validators,
          waiting: [],
          offers: [{ player: { account: "new", name: "Neu" }, key: "new" }],
          change: { by: "appointed", signatures_needed: 1 },
        } as unknown as Shapes["ValidatorsBody"]
      }
    />,
    [[poolOptions().queryKey, { id: "pool", consensus }]],
  );
  await userEvent.click(screen.getByText("Accept"));
  return screen.getByText(/^Then /).textContent;
};

it.each([
  [1, /^Then both computers that keep the book must be on\. While one of them is off, nothing gets into the book/],
  [2, /^Then all 3 computers that keep the book must be on\. While one of them is off, nothing gets into the book/],
  [3, /^Then any one of 4 keepers may be off\. While more are off, the book may stand still/],
  [6, /^Then any 2 of 7 keepers may be off\./],
])("says before %s keepers get one more whose computers must be on", async (count, says) => {
  const names = Array.from({ length: count }, (_, at) => seatOf(`k${at}`));
  expect(await appointed(names)).toMatch(says);
});

it("says what goes on where miners find the pages", async () => {
  expect(await appointed([seatOf("Ana")], "hybrid")).toMatch(
    /^Then both .* While one of them is off, nothing is stamped, and keepers do not change\.$/,
  );
});

it("names who must be on where votes differ, and what is left where one is removed", async () => {
  await open({ validators: [seatOf("Ana", 2), seatOf("Bruno")], offers: [] });
  await userEvent.click(screen.getAllByText("Remove").at(-1) ?? document.body);
  expect(screen.getByText(/^Then the computer of Ana must be on\. While it is off, nothing gets/)).toBeDefined();
});
