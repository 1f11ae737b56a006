// Whoever organises signs what the page shows, and some of that the node says: which match has which number and code, what others have
// signed, whose key it is. Nothing is signed before the book says the same.

import { own, ownLately } from "../../checking/check";
import { Late, within } from "../../checking/sure";
import type { Shapes } from "../../node/client";
import type { Act, Fixture } from "../../rules";
import type { AdminAction } from "./acts";
import { NOT_IN_BOOK, Refused } from "../../node/refused";
import { ofMatches, ofOrganisers, ofValidators, ofVotes, person, type Subject } from "./reported";

/** A thing as it was seen; or in any of several forms, where what was signed just before may have changed it. */
export type Snapshot = Subject | readonly Subject[];

/** An organiser's act, and all that was seen of the pool when it was signed. Of a new match nothing was. */
export interface ReportedAdminAction {
  act: AdminAction;
  seen: readonly Snapshot[];
}

/** What a player signs. */
export type PlayerAction = Exclude<Act, AdminAction>;

type Match = Shapes["MatchBody"];

/** A list as this device itself has it of the book; throws where it could not read it. */
async function booked<Answer>(path: string): Promise<Answer> {
  const answer = await own<Answer>(path, true);
  if (answer === undefined) throw new Refused(NOT_IN_BOOK, `the book was not read for ${path}`);
  return answer;
}

const items = async <Item>(room: string): Promise<Item[]> =>
  (await booked<{ items: Item[] }>(`/api/v1/${room}?limit=500`)).items;

const READ = {
  matches: async () => ofMatches(await items<Match>("matches")),
  votes: async () => ofVotes(await items("votes")),
  validators: async () => ofValidators(await booked("/api/v1/validators")),
  organisers: async () => ofOrganisers(await booked("/api/v1/organisers")),
  players: async () => (await items<Shapes["PlayerBody"]>("players")).map(person),
} satisfies Record<string, () => Promise<Subject[]>>;

const RESTS_ON: Record<AdminAction["type"], readonly (keyof typeof READ)[]> = {
  schedule: ["matches", "votes"],
  day: ["matches", "votes"],
  result: ["matches", "votes"],
  appoint: ["validators"],
  organiser: ["organisers", "players"],
  address: ["organisers"],
};

const same = (one: Subject, other: Subject): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What an act must have been seen of. */
function isAbout(act: AdminAction, thing: Subject): boolean {
  switch (act.type) {
    case "schedule":
      return "no" in thing && thing.no === act.fixture.no;
    case "day":
    case "result":
      return "no" in thing && thing.no === act.match_no;
    case "appoint": {
      const { account, key } = act.validator;
      const one = "by" in thing && thing.signed.type === "appoint" ? thing.signed.validator : thing;
      return "key" in one && one.account === account && one.key === key;
    }
    case "organiser":
      return "account" in thing && thing.account === act.account;
    case "address":
      return "signed" in thing && thing.signed.type === "address" && thing.signed.address === act.address;
  }
}

const isTaken = ({ no, code }: Fixture, things: readonly Subject[]): boolean =>
  things.some((it) => "no" in it && (it.no === no || it.code.toLowerCase() === code.toLowerCase()));

const formsOf = (sight: Snapshot): readonly Subject[] => ("length" in sight ? sight : [sight]);

/** Whether the book has all that was seen, and the act is about some of it. */
function isAsSeen({ act, seen }: ReportedAdminAction, things: readonly Subject[]): boolean {
  const sights = seen.map(formsOf);
  const about = sights.some((forms) => forms.some((thing) => isAbout(act, thing)));
  const isNew = act.type === "address" || (act.type === "schedule" && !isTaken(act.fixture, things));
  return (about || isNew) && sights.every((forms) => forms.some((thing) => things.some((it) => same(thing, it))));
}

/** Throws where the book has that on which acts rest otherwise than it was shown. */
export async function standOnChain(offices: readonly ReportedAdminAction[]): Promise<void> {
  const ids = [...new Set(offices.flatMap(({ act }) => RESTS_ON[act.type]))];
  const things: Subject[] = (await Promise.all(ids.map((id) => READ[id]()))).flat();
  const other = offices.find((office) => !isAsSeen(office, things));
  if (other !== undefined)
    throw new Refused(NOT_IN_BOOK, `the book has otherwise what this ${other.act.type} is about`);
}

const MATCHES = "/api/v1/matches?limit=500";

/** The matches of the book; `undefined` where it was not read. `now`: it is read for them, whatever device this is. */
export const matchesOnChain = async (now: boolean): Promise<Match[] | undefined> =>
  (await own<Shapes["Page_MatchBody"]>(MATCHES, now))?.items;

/** The same, by the book as it was read in the last minutes. */
export const matchesLately = async (): Promise<Match[] | undefined> =>
  (await ownLately<Shapes["Page_MatchBody"]>(MATCHES))?.items;

/** So long does an objection wait for the book. */
const OBJECTION_MS = 20_000;

/** What somebody saw who objects to a result. */
const objectedTo = (match: Match): string => JSON.stringify([match.record?.version, ...ofMatches([match])]);

/** Throws where the book has the match of a code, or its result, otherwise than it was shown: an objection names its number alone. */
export async function resultStandsOnChain(code: string, shown: Match): Promise<void> {
  const asked = own<Match>(`/api/v1/matches/${encodeURIComponent(code)}`, true);
  const found = await within(asked, OBJECTION_MS).catch((error: unknown) => {
    if (!(error instanceof Late)) throw error;
    return undefined;
  });
  if (found === undefined || objectedTo(found) !== objectedTo(shown))
    throw new Refused(NOT_IN_BOOK, `the book does not say the same of ${code}`);
}
