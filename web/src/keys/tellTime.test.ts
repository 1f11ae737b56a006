import { beforeEach, expect, it, vi } from "vitest";

import { learnTime, nodeTime } from "../node/clock";
import { node } from "../node/client";
import { keepPlayer } from "./player";
import { tellTime } from "./tellTime";

const say = vi.hoisted(() => vi.fn((text: string, at: number) => Promise.resolve(`${text}@${at}`)));
const locked = vi.hoisted(() => ({ is: false }));
vi.mock("./signer", () => ({
  signer: () => (locked.is ? Promise.reject(new Error("locked")) : Promise.resolve({ say })),
}));

const ANA = { account: "ana", name: "Ana", keys: "", locked: false, written: true, named: null };
const post = vi.spyOn(node, "POST").mockResolvedValue({ response: new Response() });

beforeEach(() => {
  vi.useFakeTimers({ now: 2_000_000_000_000, toFake: ["Date"] });
  post.mockClear();
  say.mockClear();
  locked.is = false;
  keepPlayer("pool", ANA);
});

it("tells the time of this device, whatever the node says that the time is", async () => {
  const ahead = new Date(Date.now() + 300 * 86_400_000).toUTCString();
  learnTime(ahead, Date.now(), Date.now());
  expect(nodeTime()).toBeGreaterThan(Date.now() + 86_400_000);
  await tellTime("pool", "0f");
  expect(say).toHaveBeenCalledWith("clock 0f", 2_000_000_000);
  const body = { account: "ana", at: 2_000_000_000, signature: "clock 0f@2000000000" };
  expect(post).toHaveBeenCalledWith("/api/v1/clock", { body });
});

it("tells nothing where nobody plays, or the key is locked", async () => {
  locked.is = true;
  await expect(tellTime("pool", "0f")).rejects.toThrow("locked");
  keepPlayer("pool", undefined);
  await tellTime("pool", "0f");
  expect(post).not.toHaveBeenCalled();
});
