import { beforeEach, expect, it, vi } from "vitest";

/** What the node holds. */
let held = "";

const rules = {
  keepKeys: (passphrase: string) => Promise.resolve(`kept with ${passphrase}`),
  openKeys: (keys: string, passphrase: string) =>
    keys === `kept with ${passphrase}` ? Promise.resolve({ account: "bolao1ana" }) : Promise.reject(new Error("wrong")),
};

vi.mock("../rules", () => ({ load: () => Promise.resolve(rules) }));
vi.mock("./signer", () => ({ signer: () => Promise.resolve(rules), holds: () => undefined }));
vi.mock("../node/client", () => ({
  node: {
    POST: (_: string, { body }: { body: { sealed: string } }) => {
      held = body.sealed;
      return Promise.resolve({});
    },
    DELETE: () => Promise.resolve({ data: { sealed: held } }),
  },
}));

const named = { height: 7, hash: "aa" };
const player = { account: "bolao1ana", name: "Ana", keys: "", locked: false, written: true, named };

beforeEach(() => {
  held = "";
});

it("another device gets the player with the block that the invitation named", async () => {
  const { leaveWithNode, takeOver } = await import("./handover");
  const { link } = await leaveWithNode("https://pool.example", "pool", player);
  const taken = await takeOver(new URL(link).hash.slice(1));
  expect(taken).toMatchObject({ pool: "pool", player: { account: "bolao1ana", named, locked: false } });
});

it("a node that takes away what comes with the keys gets them opened nowhere", async () => {
  const { leaveWithNode, takeOver } = await import("./handover");
  const { link } = await leaveWithNode("https://pool.example", "pool", player);
  const lie = held.replace(/\{\\"height\\":7,\\"hash\\":\\"aa\\"\}/, "null");
  expect(lie).not.toBe(held);
  held = lie;
  await expect(takeOver(new URL(link).hash.slice(1))).rejects.toThrow("wrong");
});
