// Who was handed what opens a sealed tip while there were few keepers: they keep it, whoever are keepers later.

import type { Shapes } from "../node/client";
import { kept } from "../shell/kept";

type To = Pick<Shapes["KeeperBody"], "keeper">[];

const MOST = 200;

const storeOf = (account: string) => kept(`bolao.few.${account}`);

function all(account: string): [string, To][] {
  try {
    const read: unknown = JSON.parse(storeOf(account).read() ?? "[]");
    return Array.isArray(read) ? (read as [string, To][]) : [];
  } catch {
    return [];
  }
}

/** The few who were handed what opens a tip from this device. */
export const fewOf = (account: string, commitment: string): To =>
  all(account).find(([name]) => name === commitment)?.[1] ?? [];

/** Remembers them; of several times the one with the fewest. */
export function rememberFew(account: string, commitments: string[], to: To): void {
  const before = all(account);
  const fewer = new Set(before.filter(([, those]) => those.length <= to.length).map(([name]) => name));
  const fresh = commitments.filter((name) => !fewer.has(name));
  const keepers = to.map(({ keeper }) => ({ keeper }));
  const others = before.filter(([name]) => !fresh.includes(name));
  storeOf(account).write(
    JSON.stringify([...others, ...fresh.map((name): [string, To] => [name, keepers])].slice(-MOST)),
  );
}

export const forgetFew = (account: string): void => void storeOf(account).write(null);
