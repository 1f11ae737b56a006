import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { livesOptions } from "../../../node/live";
import { poolOptions } from "../../../node/queries";
import { show } from "../../../test/show";
import { LiveFields } from "./LiveFields";

const said = vi.hoisted(() => vi.fn<(...word: unknown[]) => Promise<void>>());
vi.mock("../../../keys/say", () => ({ sayLive: said }));

const match = {
  no: 1,
  code: "PtCh",
  home: { name: "Porto" },
  away: { name: "Benfica" },
  status: "closed",
  record: null,
};
const live = { match: { no: 1, code: "PtCh" }, home: 2, away: 1, minute: 70, at: "2030-01-01T13:00:00Z", from: "Ana" };
const submitted = vi.fn();

const open = (items: object[]) =>
  show(
    <form onSubmit={submitted}>
      <LiveFields match={match as never} account="ana" />
      <button type="submit">Sign 1 result</button>
    </form>,
    [
      [poolOptions().queryKey, { id: "pool" }],
      [livesOptions().queryKey, { items }],
    ],
  );

const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

beforeEach(() => {
  said.mockReset().mockResolvedValue(undefined);
  submitted.mockReset();
});

it("tells a score with its minute, also by Enter, which signs no result", async () => {
  await open([]);
  const button = await screen.findByText<HTMLButtonElement>("Show live score");
  expect(button.disabled).toBe(true);
  type("Goals of Porto, live", "1");
  type("Goals of Benfica, live", "0");
  type("Minute (optional)", "63");
  const went = fireEvent.keyDown(screen.getByLabelText("Minute (optional)"), { key: "Enter" });
  expect(went).toBe(false);
  const word = { code: "PtCh", score: { home: 1, away: 0 }, minute: 63 };
  await waitFor(() => expect(said).toHaveBeenCalledWith("pool", "ana", word));
  expect(submitted).not.toHaveBeenCalled();
  expect(screen.queryByText("Remove live score")).toBeNull();
});

it("begins with the live score that stands, and ends it", async () => {
  await open([live]);
  expect((await screen.findByLabelText<HTMLInputElement>("Goals of Porto, live")).value).toBe("2");
  expect(screen.getByText("2:1")).toBeDefined();
  fireEvent.click(screen.getByText("Remove live score"));
  await waitFor(() => expect(said).toHaveBeenCalledWith("pool", "ana", { code: "PtCh", score: null, minute: null }));
});
