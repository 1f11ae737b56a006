// To whom this device has handed what opens its sealed tips.

import { kept } from "../shell/kept";

const MOST = 200;

const storeOf = (account: string) => kept(`bolao.handed.${account}`);

function all(account: string): [string, string[]][] {
  try {
    const read: unknown = JSON.parse(storeOf(account).read() ?? "[]");
    return Array.isArray(read) ? (read as [string, string[]][]) : [];
  } catch {
    return [];
  }
}

/** As many keepers and more learn nothing one by one. */
const SAFE = 3;

/**
 * Whether what opens a tip may be handed to these keys without asking its player. Whoever appoints keepers could take the place of
 * those who were keepers when the tip was made; of fewer than three each could look, or all together, in any case.
 */
export function mayHave(account: string, commitment: string, keys: readonly string[]): boolean {
  const before = all(account).find(([name]) => name === commitment)?.[1];
  return before === undefined || before.length < SAFE || [...before].sort().join() === [...keys].sort().join();
}

/** Remembers it, before it leaves this device. */
export function rememberHanded(account: string, commitments: readonly string[], keys: string[]): void {
  const others = all(account).filter(([name]) => !commitments.includes(name));
  storeOf(account).write(
    JSON.stringify([...others, ...commitments.map((name): [string, string[]] => [name, keys])].slice(-MOST)),
  );
}

export const forgetHanded = (account: string): void => void storeOf(account).write(null);
