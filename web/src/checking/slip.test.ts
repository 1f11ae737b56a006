// @vitest-environment node
import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import init, { Rules as Wasm } from "../rules/pkg/rules.js";
import { Session } from "../rules/session";
import { RulesError } from "../rules/types";

const here = (path: string) => new URL(path, import.meta.url);
const { bad } = JSON.parse(readFileSync(here("../../../crates/rules/receipts/vectors/slip.json"), "utf8")) as {
  bad: Record<string, { slip: string }>;
};

it("tells a wrong file from a receipt that proves nothing", async () => {
  await init({ module_or_path: readFileSync(here("../rules/pkg/rules_bg.wasm")) });
  const wasm = Promise.resolve(new Wasm());
  const session = new Session(
    () => wasm,
    () => Promise.reject(new Error("nothing is fetched")),
  );
  const why = (text: string) =>
    session.verifySlip(text, null).catch((error: unknown) => (error instanceof RulesError ? error.code : error));
  expect(await why('{"name":"World Cup"}')).toBe("no-slip");
  expect(await why("14 June 2030 19:00 Portugal v Spain")).toBe("no-slip");
  expect(await why(bad["a change twice"]?.slip ?? "")).toBe("bad-slip");
});
