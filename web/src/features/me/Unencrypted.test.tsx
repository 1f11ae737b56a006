import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Player } from "../../keys/player";
import { isEncrypted } from "../../node/reach";
import { show } from "../../test/show";
import { Unencrypted } from "./Unencrypted";

const player = (locked: boolean): Player => ({
  account: "bolao1ana",
  name: "Ana",
  keys: "",
  locked,
  written: true,
  named: null,
});

it.each([
  ["https://pool.example", true],
  ["http://localhost:9000", true],
  ["http://192.168.1.20:9000", false],
  ["http://pool.example", false],
])("whether %s is encrypted: %s", (url, is) => {
  expect(isEncrypted(url)).toBe(is);
});

it("offers a passphrase where another network's machine could read the key", async () => {
  await show(<Unencrypted pool="pool" player={player(false)} host="192.168.1.20:9000" />);
  expect(screen.getByText(/192\.168\.1\.20:9000 can be somebody else’s computer/)).not.toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Lock your key with a passphrase" }));
  expect(screen.getByLabelText("New passphrase")).not.toBeNull();
});

it("says so without a button once the key is locked", async () => {
  await show(<Unencrypted pool="pool" player={player(true)} host="192.168.1.20:9000" />);
  expect(screen.getByText("Only in this Wi-Fi, not encrypted.")).not.toBeNull();
  expect(screen.queryByRole("button")).toBeNull();
});
