import { screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { offer, seat, signatures } from "../../../identity/assent/reported";
import type { inOffice } from "../../../identity/sending/send";
import type { Shapes } from "../../../node/client";
import { poolOptions } from "../../../node/queries";
import { show } from "../../../test/show";
import { Validators } from "./Validators";

const given = vi.fn<typeof inOffice>(() => Promise.resolve(() => Promise.resolve([])));

vi.mock("../../../identity/sending/send", () => ({ inOffice: (...of: Parameters<typeof inOffice>) => given(...of) }));

const ANA = { account: "ana", name: "Ana" };
const BRUNO = { account: "bruno", name: "Bruno" };
const SEAT = { validator: ANA, key: "aa", weight: 2 };
const APPOINTED = { type: "appoint", validator: { account: "bruno", key: "bb", weight: 2 } } as const;

const open = (more: object) =>
  show(
    <Validators
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

it("looks up in the book how many votes a validator gets, where an offer is accepted", async () => {
  await open({ offers: [{ player: BRUNO, key: "bb" }] });
  await userEvent.click(screen.getByText("Accept"));
  expect(screen.getByText("It has 2 of 4 votes.")).toBeDefined();
  await userEvent.click(screen.getByText("Add as a validator"));
  expect(given).toHaveBeenLastCalledWith("pool", [{ act: APPOINTED, seen: [offer(BRUNO, "bb"), seat(SEAT)] }]);
});

it("and where others have signed it", async () => {
  const vote = { validator: BRUNO, key: "bb", weight: 2, signers: [ANA], signatures_needed: 2 };
  await open({ waiting: [vote] });
  expect(screen.getByText("It has 2 of 4 votes.")).toBeDefined();
  await userEvent.click(screen.getByText("Confirm it"));
  expect(given).toHaveBeenLastCalledWith("pool", [
    { act: APPOINTED, seen: [...signatures(APPOINTED, [ANA]), seat(SEAT)] },
  ]);
});

const seatOf = (name: string, weight = 1) => ({ validator: { account: name, name }, key: name, weight });

const appointed = async (validators: object[], consensus = "pos") => {
  await show(
    <Validators
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
  [1, /^Then both validators’ computers must stay on\. While one of them is off, nothing is confirmed/],
  [2, /^Then all 3 validators’ computers must stay on\. While one of them is off, nothing is confirmed/],
  [3, /^Then any one of the 4 validators can be off\. If more are off, the pool may stop/],
  [6, /^Then any 2 of the 7 validators can be off\./],
])("says before %s validators get one more whose computers must be on", async (count, says) => {
  const names = Array.from({ length: count }, (_, at) => seatOf(`k${at}`));
  expect(await appointed(names)).toMatch(says);
});

it("says what goes on where miners find the pages", async () => {
  expect(await appointed([seatOf("Ana")], "hybrid")).toMatch(
    /^Then both .* While one of them is off, nothing becomes final and validators can’t change\.$/,
  );
});

it("names who must be on where votes differ, and what is left where one is removed", async () => {
  await open({ validators: [seatOf("Ana", 2), seatOf("Bruno")], offers: [] });
  await userEvent.click(screen.getAllByText("Remove").at(-1) ?? document.body);
  expect(screen.getByText(/^Then Ana’s computer must stay on\. While it is off, nothing is confirmed/)).toBeDefined();
});

it("shows who becomes a validator and who leaves, and from when", async () => {
  const at = "2090-01-08T00:00:00Z";
  await open({
    coming: [
      { validator: BRUNO, key: "bb", weight: 2, at },
      { validator: ANA, key: "aa", weight: 0, at },
    ],
  });
  expect(screen.getByText(/^Validators change/).textContent).toMatch(
    /^Validators change .*2090.*\. New, or with another weight: Bruno\. Leaving: Ana\.$/,
  );
});

it.each([
  ["at once", { at_once: 2 }, null],
  ["with the notice", { at_once: 1 }, "12\u00a0h"],
  ["with the notice", {}, "12\u00a0h"],
])("says that a change takes effect %s", async (_, more, says) => {
  await open({ offers: [{ player: BRUNO, key: "bb" }], notice_s: 43_200, ...more });
  await userEvent.click(screen.getByText("Accept"));
  const line = screen.queryByText(/^It takes effect/);
  if (says === null) expect(line).toBeNull();
  else expect(line?.textContent).toContain(`${says} after it is confirmed`);
});
