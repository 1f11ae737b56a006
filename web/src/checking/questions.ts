// What several places ask the node for, as it is compared with what this device computed.

import type { Shapes } from "../node/client";
import { nodeTime } from "../node/clock";
import {
  matchesOptions,
  organisersOptions,
  playersOptions,
  roundsOptions,
  validatorsOptions,
  votesOptions,
} from "../node/queries";
import type { Answers } from "./compare";
import { known } from "./reads";

/** So far may what this device knows of the node's clock be behind it. */
const BEHIND_S = 60;

/** What the time is at the latest, in unix seconds. */
export const latest_s = (): number => Math.floor(nodeTime() / 1000) + BEHIND_S;

export const matchesIn = (items: Shapes["MatchBody"][]): Answers => [
  { of: { route: "matches", now: latest_s() }, body: { items } },
];

export const matches = async (fresh: boolean): Promise<Answers> => matchesIn(await known(matchesOptions(), fresh));

export const rounds = async (fresh: boolean): Promise<Answers> => [
  { of: { route: "rounds" }, body: { items: await known(roundsOptions(), fresh) } },
];

export const players = async (fresh: boolean): Promise<Answers> => [
  { of: { route: "players" }, body: { items: await known(playersOptions(), fresh) } },
];

export const votes = async (fresh: boolean): Promise<Answers> => [
  { of: { route: "votes" }, body: { items: await known(votesOptions(), fresh) } },
];

export const organisers = async (fresh: boolean): Promise<Answers> => [
  { of: { route: "organisers" }, body: await known(organisersOptions(), fresh) },
];

export const validators = async (fresh: boolean): Promise<Answers> => [
  { of: { route: "validators" }, body: await known(validatorsOptions(), fresh) },
];
