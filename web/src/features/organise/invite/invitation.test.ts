import { beforeEach, describe, expect, it, vi } from "vitest";

import { node, type Shapes } from "../../../node/client";
import { isLocal, originFor } from "../../../node/reach";
import { keepMade, left, linkOf, madeHere, tickets } from "./invitation";

const player = (name: string, ticket: string, uses: number, expires: string): Shapes["PlayerBody"] =>
  ({
    name,
    account: name,
    invitation: { ticket: { key: ticket, uses, expires }, organiser: { account: "ana", name: "Ana" } },
  }) as never;

describe("invitations", () => {
  beforeEach(() => localStorage.clear());

  it("are kept on this device as long as they are good", () => {
    keepMade("p", { fragment: "old", uses: 1, expires: 100 }, 50);
    keepMade("p", { fragment: "new", uses: 20, expires: 900 }, 200);
    expect(madeHere("p").map(({ fragment }) => fragment)).toEqual(["new"]);
  });

  it("are none where the storage holds something else", () => {
    localStorage.setItem("bolao.invitations.p", '[{"fragment":1},null]');
    expect(madeHere("p")).toEqual([]);
    localStorage.setItem("bolao.invitations.p", "{");
    expect(madeHere("p")).toEqual([]);
  });

  it("say who came by which", () => {
    const expires = Date.parse("2026-06-05T12:00:00Z") / 1000;
    const players = [
      player("Bruno", "t1", 20, "2026-06-05T12:00:00Z"),
      player("Clara", "t1", 20, "2026-06-05T12:00:00Z"),
      player("Davi", "t2", 1, "2026-06-01T12:00:00Z"),
      { name: "Ana", account: "ana" } as never,
    ];
    const made = [
      { fragment: "x", uses: 20, expires },
      { fragment: "y", uses: 5, expires: expires + 60 },
    ];
    const known = tickets(made, "ana", players);
    expect(known.map(({ fragment, came }) => [fragment, came.map(({ name }) => name)])).toEqual([
      ["y", []],
      ["x", ["Bruno", "Clara"]],
      [undefined, ["Davi"]],
    ]);
  });

  it("are short where the node took what makes them so", async () => {
    const made = { short: "s", kept: "k", whole: "w" };
    const post = vi.spyOn(node, "POST");
    post.mockResolvedValueOnce({ data: { invitation: "k" } });
    expect(await left(made)).toBe("s");
    expect(post).toHaveBeenCalledWith("/api/v1/invitations", { body: { invitation: "k" } });
    const refused = (status: number) => ({ error: { code: "no" }, response: new Response(null, { status }) });
    post.mockResolvedValueOnce(refused(404));
    expect(await left(made)).toBe("w");
    post.mockResolvedValueOnce(refused(503));
    expect(await left(made)).toBe("w");
    post.mockResolvedValueOnce(refused(403));
    await expect(left(made)).rejects.toEqual({ code: "no" });
    post.mockRejectedValueOnce(new TypeError("no answer"));
    expect(await left(made)).toBe("w");
  });

  it("lead to an address that friends reach, and that no computer's bare word names", () => {
    const signed = "https://pool.example";
    expect(linkOf("f", signed)).toBe("https://pool.example/join#f");
    expect(originFor(signed, "http://localhost:9000", "http://192.168.1.5:9000")).toBe(signed);
    expect(originFor(undefined, "http://localhost:9000", "http://192.168.1.5:9000")).toBe("http://192.168.1.5:9000");
    for (const said of ["https://evil.example", "http://evil.example", "http://10.0.0.1.evil.example", "nothing", ""]) {
      expect(originFor(undefined, "http://localhost:9000", said)).toBe("http://localhost:9000");
      expect(originFor(undefined, "http://192.168.1.5:9000", said)).toBe("http://192.168.1.5:9000");
    }
    expect(originFor(undefined, "http://192.168.1.5:9000", "http://10.0.0.1")).toBe("http://192.168.1.5:9000");
    expect(isLocal("http://127.0.0.1:9000")).toBe(true);
    expect(isLocal("http://[::1]:9000")).toBe(true);
    expect(isLocal("http://10.0.0.1")).toBe(false);
  });
});
