import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import type { Shapes } from "../node/client";
import { poolOptions } from "../node/queries";
import { show } from "../test/show";
import { History } from "./History";

const CODE = "PtCh";
const ANA = { account: "ana", name: "Ana" };
const VOTE = {
  id: "1",
  type: "result",
  match: { no: 1, code: CODE },
  about: { no: 1, code: CODE },
  signers: [ANA],
  signatures_needed: 2,
};
const outcome = { status: "played", after_90: { home: 2, away: 1 } };

const answer = (body: object) =>
  Promise.resolve(new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } }));

it("reads every page of what waits", async () => {
  vi.stubGlobal("fetch", (request: Request) =>
    request.url.includes("cursor=")
      ? answer({ items: [{ ...VOTE, outcome }] })
      : answer({ items: [], next_cursor: "x" }),
  );
  const match = { no: 1, code: CODE, kickoff: "2020-01-01T00:00:00Z", record: null } as unknown as Shapes["MatchBody"];
  await show(<History of={match} />, [
    [poolOptions().queryKey, { id: "pool" }],
    [["get", "/api/v1/matches/{code}/results", CODE], []],
    [["get", "/api/v1/matches/{code}/objections", CODE], []],
  ]);
  expect(await screen.findByText("2:1")).toBeDefined();
});
