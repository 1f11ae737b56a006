import { beforeEach, expect, it } from "vitest";

import {
  arrivalAt,
  arrivedWith,
  backTo,
  beginToArrive,
  hasLeft,
  leaveFor,
  readMoving,
  wasLeft,
  type Moving,
} from "./moving";

const player = { account: "bolao1ana", name: "Aña #1", keys: "k%", locked: false, written: true, named: null };
const moving: Moving = { pool: "ab12", player };
const fragmentOf = (it: unknown): string => encodeURIComponent(JSON.stringify(it));

beforeEach(() => history.replaceState(null, "", "/"));

it("a player arrives as it left, and nothing of it is sent to a computer", () => {
  const link = new URL(arrivalAt("https://pool.example.org", moving));
  expect(link.origin + link.pathname + link.search).toBe("https://pool.example.org/move");
  expect(readMoving(link.hash.slice(1))).toEqual(moving);
  const named = { height: 7, hash: "00" };
  expect(readMoving(fragmentOf({ pool: "ab12", player: { ...player, named } }))?.player.named).toEqual(named);
});

it.each([
  ["nothing", ""],
  ["half a link", fragmentOf(moving).slice(0, -9)],
  ["no encoding", "%"],
  ["no player", fragmentOf({ pool: "ab12" })],
  ["no pool", fragmentOf({ player })],
  ["null", fragmentOf(null)],
  ["keys that are no text", fragmentOf({ ...moving, player: { ...player, keys: {} } })],
  ["a name that is no text", fragmentOf({ ...moving, player: { ...player, name: ["Ana"] } })],
  ["a block without a height", fragmentOf({ ...moving, player: { ...player, named: { hash: "00" } } })],
])("reads nobody of %s", (_, fragment) => {
  expect(readMoving(fragment)).toBeUndefined();
});

it("keeps nothing else that a link brings", () => {
  const strange = { ...moving, more: 1, player: { ...player, more: 1 } };
  expect(readMoving(fragmentOf(strange))).toEqual(moving);
});

it("takes the secret out of the address at once, and at its own place only", () => {
  history.replaceState(null, "", "/join#abc");
  beginToArrive();
  expect([location.hash, arrivedWith()]).toEqual(["#abc", ""]);
  history.replaceState(null, "", "/move#secret");
  beginToArrive();
  expect([location.hash, arrivedWith()]).toEqual(["", "secret"]);
});

it("an unencrypted address forgets who has arrived at another, and no stranger makes it forget", () => {
  const link = new URL(leaveFor("https://pool.example.org", moving));
  const word = readMoving(link.hash.slice(1))?.back?.word ?? "";
  expect(backTo({ origin: "http://192.168.1.5:9000", word })).toBe(`http://192.168.1.5:9000/left#${word}`);
  expect(backTo({ origin: "https://evil.example", word })).toBeUndefined();
  expect(backTo({ origin: "http://evil.example", word })).toBeUndefined();
  expect(backTo({ origin: "nothing", word })).toBeUndefined();
  for (const [place, fragment] of [
    ["/left", "another"],
    ["/left", ""],
    ["/", word],
  ]) {
    history.replaceState(null, "", `${place}#${fragment}`);
    expect(hasLeft()).toBeUndefined();
  }
  history.replaceState(null, "", `/left#${word}`);
  expect(hasLeft()).toEqual({ pool: "ab12", account: "bolao1ana", to: "https://pool.example.org" });
  wasLeft();
  expect(hasLeft()).toBeUndefined();
});
