import { beforeEach, expect, it, vi } from "vitest";

const KEY = "BA";
const given: unknown[] = [];

vi.mock("../device/app", () => ({ canBeKept: () => true }));
vi.mock("./signer", () => ({ signer: () => Promise.resolve({ subscribe: () => Promise.resolve("signed") }) }));
vi.mock("../node/client", () => ({
  node: {
    GET: () => Promise.resolve({ data: { key: KEY } }),
    POST: (_: string, { body }: { body: unknown }) => Promise.resolve(void given.push(body)).then(() => ({})),
  },
}));

let there: object | null;
/** Below what the service worker is that the browser gives. */
let scope: string;
let permission: string;
const subscribe = vi.fn(() => Promise.resolve((there = made("https://push.example/new"))));

const made = (endpoint: string, key = new Uint8Array([4])) => ({
  endpoint,
  options: { applicationServerKey: key.buffer },
  toJSON: () => ({ endpoint, keys: { p256dh: "p", auth: "a" } }),
  unsubscribe: () => Promise.resolve(true),
});

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
  given.length = 0;
  subscribe.mockClear();
  there = null;
  permission = "granted";
  scope = `${location.origin}/`;
  const pushManager = { subscribe, getSubscription: () => Promise.resolve(there) };
  const registration = {
    pushManager,
    get scope() {
      return scope;
    },
  };
  vi.stubGlobal("PushManager", Object);
  vi.stubGlobal("Notification", {
    get permission() {
      return permission;
    },
  });
  Object.defineProperty(navigator, "serviceWorker", {
    configurable: true,
    value: { ready: Promise.resolve(registration), getRegistration: () => Promise.resolve(registration) },
  });
});

it("asks nothing of a device that was never told", async () => {
  const { tellAgain } = await import("./push");
  await tellAgain("pool", "me");
  expect(subscribe).not.toHaveBeenCalled();
  expect(given).toEqual([]);
});

it("mends an address that the browser has dropped, or that is of another key", async () => {
  localStorage.setItem("bolao.push.on", "1");
  const { tellAgain } = await import("./push");
  await tellAgain("pool", "me");
  expect(given).toMatchObject([{ address: { endpoint: "https://push.example/new" } }]);
  there = made("https://push.example/old", new Uint8Array([9]));
  await tellAgain("pool", "me");
  expect(subscribe).toHaveBeenCalledTimes(2);
});

it("gives an address again that is still good", async () => {
  there = made("https://push.example/old");
  const { tellAgain } = await import("./push");
  await tellAgain("pool", "me");
  expect(subscribe).not.toHaveBeenCalled();
  expect(given).toMatchObject([{ address: { endpoint: "https://push.example/old" } }]);
});

it("says where the browser allows none any more, until nobody wishes for them", async () => {
  localStorage.setItem("bolao.push.on", "1");
  permission = "denied";
  const { tellAgain, stopWishing, untold } = await import("./push");
  await tellAgain("pool", "me");
  expect(untold.get()).toBe(true);
  stopWishing();
  expect(untold.get()).toBe(false);
  await tellAgain("pool", "me");
  expect(given).toEqual([]);
});

it("the address of the page above it on its host is no other pool's", async () => {
  localStorage.setItem("bolao.push.on", "1");
  there = made("https://push.example/above");
  scope = "https://other.example/";
  const { isTold, tellAgain, stopBeingTold } = await import("./push");
  expect(await isTold(KEY)).toBe(false);
  await expect(tellAgain("pool", "me")).rejects.toThrow("no service worker");
  const unsubscribe = vi.spyOn(there as { unsubscribe: () => unknown }, "unsubscribe");
  await stopBeingTold();
  expect([given, unsubscribe.mock.calls]).toEqual([[], []]);
});
