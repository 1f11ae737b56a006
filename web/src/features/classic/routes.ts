// The betting article's routes, as its own page asks them. The node signs, with a key that it keeps for each name.

import { queryOptions } from "@tanstack/react-query";

import { inHost } from "../../device/address";
import { isProblem, type Problem } from "../../node/client";

/** A bet as the article writes it. */
export interface ClassicBet {
  player: string;
  match_id: string;
  team_one_score: number;
  team_two_score: number;
}

async function ask(path: string, request?: RequestInit): Promise<Response> {
  const answer = await fetch(inHost(path), request);
  if (answer.ok) return answer;
  const said: unknown = await answer.json().catch(() => undefined);
  throw isProblem(said) ? said : new TypeError(`${path}: ${answer.status}`);
}

/** What waits for a block. Fails where the node does not answer these routes, or not to this device. */
export const waitingOptions = () =>
  queryOptions({
    queryKey: ["classic", "waiting"],
    queryFn: async ({ signal }) => {
      const answer = (await (await ask("/blockchain", { signal })).json()) as { pending_bets: ClassicBet[] };
      return answer.pending_bets;
    },
  });

/** What stands in a block of somebody's: nothing of whoever is in none. */
export const betsOptions = (name: string) =>
  queryOptions({
    queryKey: ["classic", "player", name],
    queryFn: async ({ signal }) => {
      try {
        return (await (await ask(`/player/${encodeURIComponent(name)}`, { signal })).json()) as ClassicBet[];
      } catch (error) {
        if (isProblem(error) && error.status === 404) return [];
        throw error;
      }
    },
  });

interface NewBet {
  code: string;
  home: number;
  away: number;
}

async function bet(name: string, { code, home, away }: NewBet): Promise<void> {
  await ask("/bet/broadcast", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ playername: name, matchid: code, teamonescore: home, teamtwoscore: away }),
  });
}

/** Sends bets one after the other, as the article's page does. Gives those that were taken, and why the next was not. */
export async function betAll(name: string, bets: NewBet[]): Promise<{ taken: NewBet[]; error?: unknown }> {
  const taken: NewBet[] = [];
  for (const one of bets) {
    try {
      await bet(name, one);
    } catch (error) {
      return { taken, error };
    }
    taken.push(one);
  }
  return { taken };
}

/** Writes what waits into a block. */
export async function mine(): Promise<void> {
  await ask("/mine");
}

/** Bets that wait, of somebody: the node writes names in small letters. */
export const waitingOf = (waiting: readonly ClassicBet[], name: string): ClassicBet[] =>
  waiting.filter(({ player }) => player.toLowerCase() === name.trim().toLowerCase());

/** Why the routes are not there for this device. */
export function refusal(error: unknown): "off" | "not-here" | undefined {
  const { status } = isProblem(error) ? error : ({} as Partial<Problem>);
  return status === 404 ? "off" : status === 403 ? "not-here" : undefined;
}
