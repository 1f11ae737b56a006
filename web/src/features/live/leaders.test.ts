import { expect, it, vi } from "vitest";

let hear: (name: string) => void = () => undefined;
vi.mock("../../node/events", () => ({
  hear: (listener: typeof hear) => {
    hear = listener;
    return () => undefined;
  },
}));

/** Who is first by the book; `undefined` where it cannot be read. */
let first: string | undefined;
const table = (who: string) => ({
  scored: 1,
  items: ["Ana", "Bruno"].map((account) => ({ place: account === who ? 1 : 2, player: { account } })),
});
vi.mock("../../checking/check", () => ({ own: () => Promise.resolve(first === undefined ? undefined : table(first)) }));
vi.mock(import("../../node/client"), async (original) => {
  const { queries, ...rest } = await original();
  vi.spyOn(queries, "query").mockImplementation(() => Promise.resolve(table("Clara")));
  return { ...rest, queries };
});

const { seen, watchLeader } = await import("./leaders");
const { check } = await import("../../checking/state");

it("tells who took the lead by the book, and nothing that the node alone says", async () => {
  first = "Ana";
  watchLeader();
  check.set({ is: "done" });
  const leads = async (who: string | undefined): Promise<(string | undefined)[]> => {
    first = who;
    hear("standings");
    await new Promise((resolve) => setTimeout(resolve));
    return seen.get().map((item) => (item.is === "leads" ? item.lead.first[0]?.account : undefined));
  };
  expect(await leads("Ana")).toEqual([]);
  expect(await leads(undefined)).toEqual([]);
  expect(await leads("Bruno")).toEqual(["Bruno"]);
});
