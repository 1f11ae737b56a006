import { beforeEach, expect, it, vi } from "vitest";

import { nodeTime } from "./clock";
import { firstLook } from "./firstLook";

vi.mock("./clock", () => ({ nodeTime: vi.fn() }));

const now_s = Math.floor(Date.now() / 1000);
const nodeSays = (at_s: number): void => void vi.mocked(nodeTime).mockReturnValue(at_s * 1000);

beforeEach(() => localStorage.clear());

it("stays what it was, by the node's clock", () => {
  nodeSays(now_s - 500);
  expect(firstLook("a")).toBe(now_s - 500);
  nodeSays(now_s - 100);
  expect(firstLook("a")).toBe(now_s - 500);
});

it("is made no later by a node whose clock is ahead", () => {
  nodeSays(now_s + 9_999);
  expect(firstLook("b")).toBeLessThan(now_s + 999);
});
