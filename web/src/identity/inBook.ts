// What leaves this device rests on what the book says, and not on what the node says alone. Whoever organises signs what the page shows. Some of it the node says: which match has which number and code, what others have signed,
// whose key it is. So nothing of it is signed before the book says the same.

import { agrees, known } from "../checking/check";
import type { Answers } from "../checking/compare";
import { matches, matchesIn, organisers, validators, votes } from "../checking/questions";
import type { Shapes } from "../node/client";
import { matchesOptions } from "../node/queries";
import type { Act } from "../rules";
import { NOT_IN_BOOK, Refused } from "./refused";

type Read = (fresh: boolean) => Promise<Answers>;

const RESTS_ON: Partial<Record<Act["type"], readonly [string, Read][]>> = {
  schedule: [
    ["matches", matches],
    ["votes", votes],
  ],
  day: [
    ["matches", matches],
    ["votes", votes],
  ],
  result: [
    ["matches", matches],
    ["votes", votes],
  ],
  appoint: [["validators", validators]],
  organiser: [["organisers", organisers]],
};

/** Throws where the book does not say what the node says of that on which acts rest. */
export async function standInBook(acts: readonly Act[]): Promise<void> {
  const wanted = new Map(acts.flatMap(({ type }) => RESTS_ON[type] ?? []));
  for (const [id, read] of wanted) {
    if (!(await agrees({ id, read }, true))) throw new Refused(NOT_IN_BOOK, `the book does not say the same of ${id}`);
  }
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
