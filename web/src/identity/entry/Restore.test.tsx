import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { poolOptions } from "../../node/queries";
import { load, type Rules } from "../../rules";
import { show } from "../../test/show";
import { playerOf } from "../../keys/player";
import { Restore } from "./Restore";

const { fetch } = vi.hoisted(() => {
  const answer = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  const fetch = (asked: Request) =>
    Promise.resolve(
      asked.url.includes("/players/")
        ? answer(404, { status: 404, code: "not-found", detail: "no such player" })
        : answer(200, { items: [] }),
    );
  vi.stubGlobal("fetch", fetch);
  return { fetch };
});

vi.mock(import("../../rules"), async (original) => ({ ...(await original()), load: vi.fn<typeof load>() }));

const restoreKeys = vi.fn(() => Promise.resolve({ account: "bolao1bob" }));

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal("fetch", fetch);
  const rules = {
    checkWords: () => Promise.resolve({ ok: true, account: "bolao1bob" }),
    restoreKeys,
    keepKeys: () => Promise.resolve("keys"),
  };
  vi.mocked(load).mockResolvedValue(rules as unknown as Rules);
});

it("says of words that play nowhere here that they do not, and takes them only if they are given once more", async () => {
  const done = vi.fn();
  await show(<Restore done={done} />, [[poolOptions().queryKey, { id: "pool", organisers: [] }]]);
  fireEvent.change(screen.getByLabelText("Your 24 words"), { target: { value: "some words" } });
  fireEvent.click(screen.getByText("Continue here"));
  await screen.findByText(/Nobody in this pool has these words/);
  expect(restoreKeys).not.toHaveBeenCalled();
  expect(playerOf("pool")).toBeUndefined();
  fireEvent.click(screen.getByText("Use them anyway"));
  await waitFor(() => expect(done).toHaveBeenCalledWith(false));
  expect(playerOf("pool")?.account).toBe("bolao1bob");
});

it("knows an organiser who does not play where only players may look", async () => {
  const genesis = JSON.stringify({ organisers: ["bolao1bob"] });
  const closed = JSON.stringify({ status: 401, code: "players-only", detail: "only players can look" });
  vi.stubGlobal("fetch", (asked: Request | string) => {
    if (typeof asked === "string") return Promise.resolve(new Response(genesis));
    return Promise.resolve(new Response(closed, { status: 401, headers: { "content-type": "application/json" } }));
  });
  const done = vi.fn();
  await show(<Restore done={done} />, [[poolOptions().queryKey, { id: "pool", organisers: [] }]]);
  fireEvent.change(screen.getByLabelText("Your 24 words"), { target: { value: "some words" } });
  fireEvent.click(screen.getByText("Continue here"));
  await waitFor(() => expect(playerOf("pool")?.account).toBe("bolao1bob"));
  expect(screen.queryByText(/Nobody in this pool has these words/)).toBeNull();
});
