// What organisers sign, by its kind: a new kind is one entry here.

import type { Shapes } from "../../node/client";
import { type NodeQuestion, isQuestion, type OutcomeBody, type QuestionBody } from "../../node/questions";
import type { Day, Fixture, Outcome } from "../../rules";
import { seconds } from "../../words/time";
import { dayOf, recorded, scheduled } from "./acts";
import { appointment, ofOrganisers, ofValidators, person, type Person, type Signature, signatures } from "./reported";

/** A question as it is signed. */
export interface Question extends Pick<NodeQuestion, "no" | "code" | "text" | "points" | "slots" | "asks"> {
  closes: number;
}

/** A question's record. */
export interface Answered {
  status: "answered";
  right: number[];
  reason?: string;
}

/** An organiser's act. */
export type AdminAction =
  | { type: "schedule"; fixture: Fixture }
  | { type: "day"; match_no: number; day: Day | null }
  | { type: "result"; match_no: number; outcome: Outcome | Answered }
  | { type: "question"; question: Question }
  | { type: "appoint"; validator: { account: string; key: string; weight: number } }
  | { type: "organiser"; account: string; added: boolean }
  | { type: "address"; address: string };

/** A thing of the pool, in one form for what a screen showed and for what the book has. */
export type Subject = Fixture | Question | Person | Signature;

/** The tabs at which an organiser finds what waits for a signature, the most urgent first. */
export const TABS = ["results", "fixtures", "questions", "people", "invitations"] as const;
export type Tab = (typeof TABS)[number];

type Signed = Shapes["Action"];
type Match = Shapes["MatchBody"];

/** What takes tips and gets a record. */
export type Item = Match | QuestionBody;

/** What was signed, as the node says it, and what it is about. */
type Body = Signed & { about?: Shapes["MatchRef"] | null };

/** An answer of the book, with the things that it has. */
interface Room {
  path: string;
  things(answer: unknown): Subject[];
}

/** A kind of act; `no`: the match that the node names beside it. */
interface Kind<Act = AdminAction, Of = Body> {
  /** Where the book has that on which an act rests of which `seen` was shown. */
  restsOn(act: Act, seen: readonly Subject[]): readonly Room[];
  /** The act that was signed; `undefined` where this page does not know it. */
  act(body: Of, no: number): Act | undefined;
  /** The thing that it is a vote on, in a word, and the vote: another one signs the same to the letter. */
  about(body: Of, no: number): string;
  content(body: Of): unknown;
  /** Whether the act can rest on having seen a thing; `isNew`: or on nothing, by all that the book has. */
  isAbout(act: Act, thing: Subject): boolean;
  isNew?(act: Act, things: readonly Subject[]): boolean;
  tab: Tab;
}

/** A question as the node has it, as it is signed. */
export const questioned = ({ no, code, text, closes, points, slots, asks }: NodeQuestion): Question => ({
  no,
  code,
  text,
  closes: seconds(closes),
  points,
  slots,
  asks,
});

/** A record as it is signed; `undefined` where it is of a kind that this page does not know. */
function outcomeOf(body: OutcomeBody): Outcome | Answered | undefined {
  if (body.status !== "answered") return recorded(body);
  const reason = body.reason == null ? {} : { reason: body.reason };
  return { status: body.status, right: body.right ?? [], ...reason };
}

/** A match or a question, as an act rests on it. */
export const subjectOf = (of: Item): Subject => ("asks" in of ? questioned(of) : scheduled(of));

/** The same, with who has signed the record that stands. */
export function ofItem(of: Item): Subject[] {
  const { no, code, record } = of;
  const match = { no, code };
  const signed = record && actOf({ type: "result", outcome: record.outcome, match, about: match });
  return [subjectOf(of), ...signatures(signed ?? undefined, record?.signers ?? [])];
}

export const ofVotes = (votes: readonly Shapes["WaitingBody"][]): Subject[] =>
  votes.flatMap((vote) => signatures(actOf(vote), vote.signers));

interface Items<Item> {
  items: Item[];
}

const VOTES: Room = {
  path: "/api/v1/votes?limit=500",
  things: ({ items }: Items<Shapes["WaitingBody"]>) => ofVotes(items),
};
const itemsAt = (path: string): Room[] => [{ path, things: ({ items }: Items<Item>) => items.flatMap(ofItem) }, VOTES];
const MATCHES = itemsAt("/api/v1/matches?limit=500");
const QUESTIONS = itemsAt("/api/v1/questions?limit=500");
const VALIDATORS: Room = { path: "/api/v1/validators", things: ofValidators };
const ORGANISERS: Room = { path: "/api/v1/organisers", things: ofOrganisers };
const PLAYERS: Room = {
  path: "/api/v1/players?limit=500",
  things: ({ items }: Items<Shapes["PlayerBody"]>) => items.map(person),
};

const isMatch = (no: number, thing: Subject): boolean => "no" in thing && thing.no === no;

const isTaken = ({ no, code }: Pick<Fixture, "no" | "code">, things: readonly Subject[]): boolean =>
  things.some((it) => "no" in it && (it.no === no || it.code.toLowerCase() === code.toLowerCase()));

type Kinds = {
  [Type in AdminAction["type"]]: Kind<Extract<AdminAction, { type: Type }>, Extract<Signed, { type: Type }>>;
};

const KINDS: Kinds = {
  schedule: {
    restsOn: () => MATCHES,
    act: ({ type, fixture }) => ({ type, fixture: scheduled(fixture) }),
    about: ({ fixture }) => `match ${fixture.no}`,
    content: ({ fixture }) => fixture,
    isAbout: ({ fixture }, thing) => isMatch(fixture.no, thing),
    isNew: ({ fixture }, things) => !isTaken(fixture, things),
    tab: "fixtures",
  },
  day: {
    restsOn: () => MATCHES,
    act: ({ type, day }, match_no) => ({ type, match_no, day: day == null ? null : dayOf(day) }),
    about: (_, no) => `match ${no}`,
    content: ({ day = null }) => day,
    isAbout: ({ match_no }, thing) => isMatch(match_no, thing),
    tab: "fixtures",
  },
  result: {
    restsOn: ({ match_no }, seen) =>
      seen.some((thing) => "asks" in thing && thing.no === match_no) ? QUESTIONS : MATCHES,
    act: ({ type, outcome: body }, match_no) => {
      const outcome = outcomeOf(body);
      return outcome && { type, match_no, outcome };
    },
    about: (_, no) => `match ${no}`,
    content: ({ outcome }) => outcome,
    isAbout: ({ match_no }, thing) => isMatch(match_no, thing),
    tab: "results",
  },
  question: {
    restsOn: () => [...QUESTIONS, ...MATCHES],
    act: ({ type, question }) => ({ type, question: questioned(question) }),
    about: ({ question }) => `match ${question.no}`,
    content: ({ question }) => question,
    isAbout: ({ question }, thing) => isMatch(question.no, thing),
    isNew: ({ question }, things) => !isTaken(question, things),
    tab: "questions",
  },
  appoint: {
    restsOn: () => [VALIDATORS],
    act: ({ validator: { account, ...vote } }) => appointment({ validator: account, ...vote }),
    about: ({ validator }) => `validator ${validator.account.account}`,
    content: ({ validator: { key, weight } }) => [key, weight],
    isAbout: ({ validator: { account, key } }, thing) => {
      const one = "by" in thing && thing.signed.type === "appoint" ? thing.signed.validator : thing;
      return "key" in one && one.account === account && one.key === key;
    },
    tab: "people",
  },
  organiser: {
    restsOn: () => [ORGANISERS, PLAYERS],
    act: ({ type, account: { account }, added }) => ({ type, account, added }),
    about: ({ account }) => `organiser ${account.account}`,
    content: ({ added }) => added,
    isAbout: ({ account }, thing) => "account" in thing && thing.account === account,
    tab: "people",
  },
  address: {
    restsOn: () => [ORGANISERS],
    act: ({ type, address }) => ({ type, address }),
    about: () => "address",
    content: ({ address }) => address,
    isAbout: ({ address }, thing) =>
      "signed" in thing && thing.signed.type === "address" && thing.signed.address === address,
    isNew: () => true,
    tab: "invitations",
  },
};

const KNOWN = new Map<string, Kind>(Object.entries(KINDS));

/** The kind of an act; `undefined` where only players sign it, or this page does not know it. */
export const kindOf = (type: string): Kind | undefined => KNOWN.get(type);

/** What some have signed, as an act. */
export const actOf = (body: Body): AdminAction | undefined => kindOf(body.type)?.act(body, body.about?.no ?? 0);

export const aboutOf = (body: Body): string => kindOf(body.type)?.about(body, body.about?.no ?? 0) ?? body.type;

export const contentOf = (body: Body): string => JSON.stringify(kindOf(body.type)?.content(body) ?? null);

/** Where a vote waits. What this page does not know is shown among the matches, and not signed. */
export const tabOf = ({ type, about }: Pick<Body, "about"> & { type: string }): Tab =>
  about != null && isQuestion(about) ? "questions" : (kindOf(type)?.tab ?? "fixtures");
