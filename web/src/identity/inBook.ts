// Whoever organises signs what the page shows, and some of that the node says: which match has which number and code, what others have
// signed, whose key it is. Nothing is signed before the book says the same.

import { agrees, known } from "../checking/check";
import type { Answers } from "../checking/compare";
import { matchesIn, votes } from "../checking/questions";
import type { Shapes } from "../node/client";
import { matchesOptions, organisersOptions, playersOptions, validatorsOptions } from "../node/queries";
import type { Act, Fixture } from "../rules";
import { scheduled } from "./fixture";
import { NOT_IN_BOOK, Refused } from "./refused";

/** A player, or a validator by its key. */
interface Person {
  account: string;
  name: string | null;
  key?: string;
}

type Thing = Fixture | Person;

export const person = ({ account, name }: Shapes["PlayerRef"], key?: string): Person => ({
  account,
  name: name ?? null,
  ...(key !== undefined && { key }),
});

/** What only organisers sign. */
type Office = Extract<Act, { type: "schedule" | "day" | "result" | "appoint" | "organiser" }>;

/** An organiser's act. `seen`: what it is about as its signer saw it, or as what was signed just before makes it; none if it is new. */
export interface Ruling {
  act: Office;
  seen: readonly Thing[];
}

export type Signable = Exclude<Act, Office> | Ruling;

/** What the node says of the pool's things, and these. */
type Read = (fresh: boolean) => Promise<{ answers: Answers; things: Thing[] }>;

const READ = {
  matches: async (fresh) => {
    const said = await known(matchesOptions(), fresh);
    return { answers: matchesIn(said), things: said.map(scheduled) };
  },
  votes: async (fresh) => ({ answers: await votes(fresh), things: [] }),
  validators: async (fresh) => {
    const body = await known(validatorsOptions(), fresh);
    const seats = [...body.validators, ...body.waiting].map(({ validator, key }) => person(validator, key));
    const offers = (body.offers ?? []).map(({ player, key }) => person(player, key));
    return { answers: [{ of: { route: "validators" }, body }], things: [...seats, ...offers] };
  },
  organisers: async (fresh) => {
    const body = await known(organisersOptions(), fresh);
    const those = [...body.organisers, ...body.waiting.map(({ player }) => player)];
    return { answers: [{ of: { route: "organisers" }, body }], things: those.map((one) => person(one)) };
  },
  players: async (fresh) => {
    const items = await known(playersOptions(), fresh);
    return { answers: [{ of: { route: "players" }, body: { items } }], things: items.map((one) => person(one)) };
  },
} satisfies Record<string, Read>;

const RESTS_ON: Record<Office["type"], readonly (keyof typeof READ)[]> = {
  schedule: ["matches", "votes"],
  day: ["matches", "votes"],
  result: ["matches", "votes"],
  appoint: ["validators"],
  organiser: ["organisers", "players"],
};

const same = (one: Thing, other: Thing): boolean => JSON.stringify(one) === JSON.stringify(other);

const isSameMatch = (one: Fixture, other: Thing): boolean =>
  "code" in other && (one.no === other.no || one.code.toLowerCase() === other.code.toLowerCase());

/** Whether the book has what an act is about as its signer saw it. */
function isAsSeen({ act, seen }: Ruling, things: readonly Thing[]): boolean {
  if (seen.length > 0) return seen.some((thing) => things.some((it) => same(thing, it)));
  return act.type === "schedule" && !things.some((it) => isSameMatch(act.fixture, it));
}

/** Throws where the book has that on which acts rest otherwise than the node says, or than it was shown. */
export async function standInBook(rulings: readonly Ruling[]): Promise<void> {
  const things: Thing[] = [];
  for (const id of new Set(rulings.flatMap(({ act }) => RESTS_ON[act.type]))) {
    let said: Thing[] = [];
    const read = async (fresh: boolean): Promise<Answers> => {
      const now = await READ[id](fresh);
      said = now.things;
      return now.answers;
    };
    if (!(await agrees({ id, read }, true))) throw new Refused(NOT_IN_BOOK, `the book does not say the same of ${id}`);
    things.push(...said);
  }
  const other = rulings.find((ruling) => !isAsSeen(ruling, things));
  if (other !== undefined)
    throw new Refused(NOT_IN_BOOK, `the book has otherwise what this ${other.act.type} is about`);
}

/**
 * The matches, once the book says the same of them; `undefined` if it does not. `now`: the book is read for it, whatever device this
 * is.
 */
export async function matchesOfBook(now: boolean): Promise<Shapes["MatchBody"][] | undefined> {
  let said: Shapes["MatchBody"][] = [];
  const read = async (fresh: boolean): Promise<Answers> => {
    said = await known(matchesOptions(), fresh);
    return matchesIn(said);
  };
  return (await agrees({ id: "matches", read }, now)) ? said : undefined;
}
