// Whether a player wants to open sealed tips alone, so that nothing is handed to keepers. Kept on this device.

import { kept } from "../../device/kept";
import { store, useStore } from "../../device/store";

const keptFor = (pool: string) => kept(`bolao.opens-own.${pool}`);
const stores = new Map<string, ReturnType<typeof store<boolean>>>();

function storeOf(pool: string) {
  const known = stores.get(pool) ?? store(keptFor(pool).read() === "1");
  stores.set(pool, known);
  return known;
}

export const opensOwn = (pool: string): boolean => storeOf(pool).get();
export const useOpensOwn = (pool: string): boolean => useStore(storeOf(pool));

export function chooseOpensOwn(pool: string, own: boolean): void {
  keptFor(pool).write(own ? "1" : null);
  storeOf(pool).set(own);
}
