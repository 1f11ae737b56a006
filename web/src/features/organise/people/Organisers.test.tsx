import { screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { person } from "../../../identity/assent/reported";
import type { inOffice } from "../../../identity/sending/send";
import { $node, type Shapes } from "../../../node/client";
import { poolOptions } from "../../../node/queries";
import { show } from "../../../test/show";
import { Organisers } from "./Organisers";

const given = vi.fn<typeof inOffice>(() => Promise.resolve(() => Promise.resolve([])));

vi.mock("../../../identity/sending/send", () => ({ inOffice: (...of: Parameters<typeof inOffice>) => given(...of) }));

const ANA = { account: "ana", name: "Ana" };
const BRUNO = { account: "bruno", name: "Bruno" };
const LONG_AGO = "2020-01-01T00:00:00Z";
const IN_A_WHILE = "2090-01-08T00:00:00Z";

const open = (body: object, results_quorum: unknown = "two-once-two") =>
  show(
    <Organisers
      account="ana"
      players={[ANA, BRUNO] as unknown as Shapes["PlayerBody"][]}
      body={
        {
          organisers: [ANA, BRUNO],
          signatures_needed: 2,
          fewest: 1,
          waiting: [],
          ...body,
        } as unknown as Shapes["OrganisersBody"]
      }
    />,
    [
      [poolOptions().queryKey, { id: "pool" }],
      [$node.queryOptions("get", "/api/v1/pool/rules", {}).queryKey, { rules: { results_quorum } }],
    ],
  );

const silent = (asked_from: string, leaves?: string) => ({
  silent: [
    { organiser: ANA, asked_from: IN_A_WHILE },
    { organiser: BRUNO, asked_from, leaves },
  ],
});

const removes = async () => {
  await userEvent.click(screen.getAllByText("Remove").at(1) ?? document.body);
};

it("says what a second organiser changes, before one is made", async () => {
  await open({ organisers: [ANA], signatures_needed: 1 });
  await userEvent.click(screen.getByText("Add an organiser"));
  await userEvent.click(screen.getByText("Bruno"));
  expect(screen.getByText(/^From then on each result needs both of you/)).toBeDefined();
});

it("and nothing of it where one signature stays enough", async () => {
  await open({ organisers: [ANA], signatures_needed: 1 }, 1);
  await userEvent.click(screen.getByText("Add an organiser"));
  await userEvent.click(screen.getByText("Bruno"));
  expect(screen.queryByText(/^From then on/)).toBeNull();
});

it("says when one alone can ask another to leave who has lost the words", async () => {
  await open(silent(IN_A_WHILE));
  await removes();
  expect(screen.getByText("2 organisers must confirm it.")).toBeDefined();
  expect(screen.getByText(/^If Bruno has lost the words and signs nothing until/).textContent).toMatch(
    /then it’s enough that you ask Bruno to leave\.$/,
  );
});

it("asks one who has been silent for a week, and says what comes of it", async () => {
  await open(silent(LONG_AGO));
  await removes();
  expect(screen.getByText(/^Bruno has signed nothing for seven days\. .* seven days later Bruno leaves/)).toBeDefined();
  await userEvent.click(screen.getAllByText("Remove").at(-1) ?? document.body);
  const act = { type: "organiser", account: "bruno", added: false };
  expect(given).toHaveBeenLastCalledWith("pool", [{ act, seen: [person(BRUNO)] }]);
});

it("shows everyone who leaves and when, and asks no more", async () => {
  await open(silent(LONG_AGO, IN_A_WHILE));
  expect(screen.getByText(/unless anything is signed before/).textContent).toMatch(/^leaves .*2090/);
  await removes();
  expect(screen.queryByText(/seven days/)).toBeNull();
});

it("offers nobody to remove where the fewest are left", async () => {
  await open({ fewest: 2 });
  expect(screen.queryByText("Remove")).toBeNull();
});
