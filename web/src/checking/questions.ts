// What several places ask the node for, as it is compared with what this device computed.

import type { QueryKey } from "@tanstack/react-query";

import { queries } from "../node/client";
import { nodeTime } from "../node/clock";
import { livesOptions, liveTableOptions } from "../node/live";
import {
  matchesOptions,
  matchOptions,
  matchTipsOptions,
  organisersOptions,
  playersOptions,
  roundsOptions,
  standingsOptions,
  validatorsOptions,
  votesOptions,
} from "../node/queries";
import type { Answers } from "./compare";
import { type Asking, known, takes } from "./reads";

/** So far may what this device knows of the node's clock be behind it. */
const BEHIND_S = 60;

/** What the time is at the latest, in unix seconds. */
export const latest_s = (): number => Math.floor(nodeTime() / 1000) + BEHIND_S;

/** A list that the node gives whole, and as which answer that is compared. */
export interface List<Said> {
  /** The list as screens show it; asked again if `fresh`. */
  ask: (fresh: boolean) => Promise<Said>;
  answers: (said: Said) => Answers;
  /** The same as a question's `read`. */
  read: (fresh: boolean) => Promise<Answers>;
}

function list<Said>(ask: List<Said>["ask"], answers: List<Said>["answers"]): List<Said> {
  return { ask, answers, read: async (fresh) => answers(await ask(fresh)) };
}

export const matches = list(
  (fresh) => known(matchesOptions(), fresh),
  (items) => [{ of: { route: "matches", now: latest_s() }, body: { items } }],
);

/** The whole table. */
export const standings = list(
  (fresh) => known(standingsOptions({}), fresh),
  (body) => [{ of: { route: "standings", stage: null }, body }],
);

export const rounds = list(
  (fresh) => known(roundsOptions(), fresh),
  (items) => [{ of: { route: "rounds" }, body: { items } }],
);

export const players = list(
  (fresh) => known(playersOptions(), fresh),
  (items) => [{ of: { route: "players" }, body: { items } }],
);

export const votes = list(
  (fresh) => known(votesOptions(), fresh),
  (items) => [{ of: { route: "votes" }, body: { items } }],
);

export const organisers = list(
  (fresh) => known(organisersOptions(), fresh),
  (body) => [{ of: { route: "organisers" }, body }],
);

export const validators = list(
  (fresh) => known(validatorsOptions(), fresh),
  (body) => [{ of: { route: "validators" }, body }],
);

/** An answer, where screens show it; asked again if `fresh`. */
const shownOf = <Data, Key extends QueryKey>(options: Asking<Data, Key>, fresh: boolean): Promise<Data | undefined> =>
  fresh && queries.getQueryData(options.queryKey) !== undefined ? known(options, true) : takes<Data>(options.queryKey);

/** The players whose discs screens show. */
export async function faces(fresh: boolean): Promise<Answers> {
  const items = await shownOf(playersOptions(), fresh);
  return items === undefined ? [] : [{ of: { route: "players" }, body: { items } }];
}

/** The live scores that screens show, and the table as it stands by them. */
export async function lives(fresh: boolean): Promise<Answers> {
  const before = await shownOf(livesOptions(), fresh);
  const [table, said] = [await shownOf(liveTableOptions(), fresh), await shownOf(livesOptions(), fresh)];
  if (said === undefined) return [];
  if (fresh && JSON.stringify(before) !== JSON.stringify(said)) throw new Error("somebody has just scored");
  const live = said.items.map(({ match: { no }, home, away }) => ({ no, home, away }));
  return [
    { of: { route: "live", now: latest_s() }, body: said },
    ...(table === undefined
      ? []
      : [{ of: { route: "as-it-stands" as const, live }, body: { ...table, next_cursor: null } }]),
  ];
}

/** A match by its code. */
export const matchAt = async (code: string, fresh: boolean): Promise<Answers> => [
  { of: { route: "match", code, now: latest_s() }, body: await known(matchOptions(code), fresh) },
];

/** Everybody's tips on a match. */
export const tipsOn = async ({ no, code }: { no: number; code: string }, fresh: boolean): Promise<Answers> => [
  { of: { route: "match-bets", match_no: no }, body: { items: await known(matchTipsOptions(code), fresh) } },
];
