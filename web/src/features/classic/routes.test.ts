import { QueryClient } from "@tanstack/react-query";
import { afterEach, describe, expect, it, vi } from "vitest";

import { betAll, betsOptions, refusal, waitingOf } from "./routes";

const problem = (status: number, detail: string): Response =>
  Response.json({ type: "about:blank", title: "", status, code: "x", detail }, { status });

afterEach(() => vi.unstubAllGlobals());

describe("the article's routes", () => {
  it("get the bets in the article's own spelling", async () => {
    const fetch = vi
      .fn()
      .mockImplementation(() => Promise.resolve(new Response("Bet created and broadcast successfully.")));
    vi.stubGlobal("fetch", fetch);
    const { taken, error } = await betAll("Mary", [{ code: "NlEn", home: 1, away: 2 }]);
    expect(error).toBeUndefined();
    expect(taken).toHaveLength(1);
    const [path, request] = fetch.mock.calls[0] as [string, RequestInit];
    expect(path).toBe("/bet/broadcast");
    expect(JSON.parse(request.body as string)).toEqual({
      playername: "Mary",
      matchid: "NlEn",
      teamonescore: 1,
      teamtwoscore: 2,
    });
  });

  it("say what was taken before one was refused", async () => {
    const answers = [new Response("ok"), problem(409, "Betting has ended.")];
    vi.stubGlobal("fetch", () => Promise.resolve(answers.shift()));
    const { taken, error } = await betAll("Mary", [
      { code: "PtCh", home: 3, away: 1 },
      { code: "NlEn", home: 1, away: 2 },
    ]);
    expect(taken.map(({ code }) => code)).toEqual(["PtCh"]);
    expect(error).toMatchObject({ detail: "Betting has ended." });
  });

  it("have no bets of somebody who is in no block yet", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(problem(404, "nobody has joined this pool as Peter")));
    expect(await new QueryClient().query(betsOptions("Peter"))).toEqual([]);
  });

  it("are off, or not for this device", () => {
    expect(refusal({ status: 404, code: "not-found", detail: "" })).toBe("off");
    expect(refusal({ status: 403, code: "forbidden", detail: "" })).toBe("not-here");
    expect(refusal(new TypeError("no network"))).toBeUndefined();
  });

  it("know whose bets wait, whatever the capitals", () => {
    const waiting = [{ player: "mary", match_id: "NlEn", team_one_score: 1, team_two_score: 2 }];
    expect(waitingOf(waiting, " Mary ")).toHaveLength(1);
    expect(waitingOf(waiting, "John")).toHaveLength(0);
  });
});
