// What the first run promised to ask: kept on this device until it is asked, by whatever screen comes next.

import { useQuery } from "@tanstack/react-query";

import { kept } from "../../device/kept";
import { TEMPLATES, type Template } from "./templates";

const keptOf = (pool: string) => kept(`bolao.asks.${pool}`);

/** Keeps what is to be asked; none: no more. */
export function promiseToAsk(pool: string, templates: readonly Template[]): void {
  keptOf(pool).write(templates.length === 0 ? null : templates.join());
}

export function promisedOf(pool: string): Template[] {
  const names = keptOf(pool).read()?.split(",") ?? [];
  return TEMPLATES.filter((one) => names.includes(one));
}

/** What became of it: what is asked now, or why nothing is; neither where another tab has done it. */
interface Tried {
  asked?: readonly Template[] | undefined;
  error?: unknown;
}

async function attempt(pool: string): Promise<Tried> {
  try {
    const { askPromised } = await import("./askPromised");
    return { asked: await askPromised(pool) };
  } catch (error) {
    return { error };
  }
}

const AGAIN_MS = 10_000;

/** Asks what was promised as soon as it is `ready`, and again until it is done; `undefined` until the first try has ended. */
export const usePromised = (pool: string, ready: boolean): Tried | undefined =>
  useQuery({
    queryKey: ["asks", pool],
    queryFn: () => attempt(pool),
    enabled: ready && promisedOf(pool).length > 0,
    refetchInterval: ({ state }) => state.data?.error !== undefined && AGAIN_MS,
  }).data;
