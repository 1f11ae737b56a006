import { expect, it, vi } from "vitest";

const forgetKeys = vi.fn(() => Promise.resolve());
const forgetBook = vi.fn(() => Promise.resolve());
vi.mock("../rules", () => ({ load: () => Promise.resolve({ forgetKeys, forgetBook }) }));

it("whoever plays here next finds nothing of the player who left", async () => {
  for (const what of ["player", "drafts", "opens-own", "invitation", "invitations", "asks"])
    localStorage.setItem(`bolao.${what}.pool`, "x");
  localStorage.setItem("bolao.final.pool", "{}");
  localStorage.setItem("bolao.drafts.other", "x");
  const { forget } = await import("./forget");
  await forget("pool");
  expect(forgetKeys).toHaveBeenCalled();
  expect(forgetBook).toHaveBeenCalled();
  // What this device has seen final is nobody's, and another pool is another pool.
  expect(Object.keys(localStorage).sort()).toEqual(["bolao.drafts.other", "bolao.final.pool"]);
});
