// What opens one's own sealed tips, handed to the keepers: they open them after kick-off, also while this device is off.

import { useCallback } from "react";

import { isProblem, type Node, queries, type Shapes } from "../../node/client";
import { nodeTime } from "../../node/clock";
import { useNear } from "../../node/events";
import { OPENINGS, openingsOptions, useOpenings } from "../../node/queries";
import { store, useStore } from "../../device/store";
import type { Who } from "../../keys/earlier";
import { mayHave, rememberDelivered } from "../../keys/delivered";
import { opensOwn, useOpensOwn } from "./opensOwn";
import { playerOf } from "../../keys/player";
import { Refused } from "../../node/refused";
import { type Ground, here } from "../sending/ground";
import { useTries } from "../sending/useTries";

type Openings = Shapes["OpeningsBody"];
type Missing = Shapes["KeptSealBody"] & { next_round: number };

/** What the node takes in one request, with some room: it takes 128 deals and 256 KiB. */
const MOST_DEALS = 128;
const MOST_CHARS = 200_000;
/** So long keepers have to say that they hold what they were handed, before anybody is asked to look in. */
const SETTLES_MS = 15_000;

interface Delivering {
  /** Something is on its way to the keepers, or has just got there. */
  busy: boolean;
  settles: boolean;
  /** Why something was not handed over; `StaysLocked` while the keys want their passphrase. */
  error: unknown;
}

/** This device does not know by itself that those whom the node names are the keepers. */
export class Unchecked extends Error {}

/** The keepers are others than those who were handed what opens a tip, or may be: its player is asked first. */
export class OtherKeepers extends Error {}

export const delivering = store<Delivering>({ busy: false, settles: false, error: null });

const change = (part: Partial<Delivering>): void => delivering.set({ ...delivering.get(), ...part });

/** What was handed over or refused, so that it is not tried at every event. */
const tried = new Set<string>();
let settling: ReturnType<typeof setTimeout> | undefined;

/** The seals that the keepers of today were not handed and that have not begun: what has is opened by this page itself. */
export function missing({ has_keepers, keepers, seals }: Openings, now_s: number): Missing[] {
  if (!has_keepers || keepers.length === 0) return [];
  return seals.filter((seal): seal is Missing => {
    const begun = seal.begins != null && Date.parse(seal.begins) / 1000 <= now_s;
    return seal.deal && seal.next_round != null && !begun;
  });
}

const commitmentOf = ({ commitment }: Shapes["KeptSealBody"]): string => commitment;

interface Made {
  name: string;
  deal: string;
}

/** Deals in as few requests as the node takes them. */
export function together(made: Made[], most_chars = MOST_CHARS): Made[][] {
  const parts: Made[][] = [];
  let room = 0;
  for (const one of made) {
    const part = parts.at(-1);
    room -= one.deal.length;
    if (part === undefined || room < 0 || part.length >= MOST_DEALS) {
      parts.push([one]);
      room = most_chars - one.deal.length;
    } else part.push(one);
  }
  return parts;
}

/** Of several of which one is refused the node takes none: then each goes alone. Gives the last refusal. */
async function post(node: Node, part: Made[]): Promise<Refused | null> {
  const { error } = await node.POST("/api/v1/openings", { body: { deals: part.map(({ deal }) => deal) } });
  // A node that is busy or stops may take it later.
  if (isProblem(error) && (error.status >= 500 || error.status === 429)) throw error;
  if (error !== undefined && part.length > 1) {
    let refusal: Refused | null = null;
    for (const one of part) refusal = (await post(node, [one])) ?? refusal;
    return refusal;
  }
  for (const { name } of part) tried.add(name);
  return error === undefined ? null : new Refused(error.code, error.detail);
}

/** What is to be handed to whom. `others`: also to keepers who have taken the place of those who were handed it, or may have. */
function untried(who: Who, openings: Openings, others: boolean) {
  const keepers = openings.keepers.map(({ key }) => key);
  const nameOf = ({ commitment, next_round }: Missing): string => [commitment, next_round, ...keepers].join(" ");
  const left = missing(openings, nodeTime() / 1000).filter((seal) => !tried.has(nameOf(seal)));
  const wanted = left.filter((seal) => others || mayHave(who, seal, keepers));
  const held = left.length > wanted.length ? new OtherKeepers("other keepers") : null;
  return { keepers, nameOf, wanted, held };
}

type Keepers = Shapes["KeepersBody"];

const keepersOf = ({ has_keepers, needed, host_could_look, keepers }: Keepers): string =>
  JSON.stringify([has_keepers, needed, host_could_look, keepers.map(({ keeper, key }) => [keeper.account, key])]);

/** What the node says of an account's seals now. */
async function openingsNow({ node }: Ground, account: string): Promise<Openings> {
  if (node === here.node) return queries.query({ ...openingsOptions(account), staleTime: 0 });
  const { data, error } = await node.GET(OPENINGS, { params: { query: { account } } });
  if (data === undefined) throw error;
  return data;
}

/** What the node says of the seals, with the keepers of the book, if it names the same: whoever is handed something could read it. */
async function inTheBook(ground: Ground, account: string, openings: Openings, ask: boolean): Promise<Openings> {
  const book = await ground.book.own<Keepers>("/api/v1/keepers", ask);
  let said = openings;
  // It may have been asked before the last block.
  if (book !== undefined && keepersOf(said) !== keepersOf(book)) said = await openingsNow(ground, account);
  if (book === undefined || keepersOf(said) !== keepersOf(book))
    throw new Unchecked("the keepers were not found in the book");
  return { ...said, ...book };
}

/** Hands over what is missing with a key in hand. Gives why some of it was not, if so; `undefined` where nothing was to be. */
async function dealOut(
  ground: Ground,
  who: Who,
  openings: Openings,
  ask: boolean,
  others: boolean,
  tell: (held: OtherKeepers) => void,
): Promise<Refused | OtherKeepers | null | undefined> {
  const rules = await ground.keys.signer(who.pool, ask);
  const said = await inTheBook(ground, who.account, openings, ask);
  const { keepers, nameOf, wanted, held } = untried(who, said, others);
  if (held !== null) tell(held);
  if (wanted.length === 0) return undefined;
  let deals: (string | null)[];
  try {
    const seals = wanted.map(({ match, nonce, commitment, next_round: round }) => ({
      match_no: match.no,
      nonce,
      commitment,
      round,
    }));
    deals = await rules.deals(seals, keepers);
  } catch (error) {
    // What the rules refuse they refuse again.
    for (const seal of wanted) tried.add(nameOf(seal));
    throw error;
  }
  const made = wanted.flatMap((seal, at) => {
    const deal = deals[at];
    return deal == null ? [] : [{ name: nameOf(seal), deal }];
  });
  // Another key's seals have no deal, and never will.
  wanted.forEach((seal, at) => deals[at] == null && tried.add(nameOf(seal)));
  let refusal: Refused | null = null;
  const dealt = wanted.filter((_, at) => deals[at] != null);
  rememberDelivered(who, dealt.map(commitmentOf), said.keepers, said.seals.map(commitmentOf));
  for (const part of together(made)) refusal = (await post(ground.node, part)) ?? refusal;
  return refusal ?? held;
}

/**
 * Hands over what is missing, once at a time. `ask`: whether its owner wants it now, so that the passphrase may be asked for; `others`:
 * whether other keepers are to have it than those who were handed it.
 */
export async function deliver(
  pool: string,
  account: string,
  openings: Openings,
  ask: boolean,
  others = false,
): Promise<void> {
  if (delivering.get().busy || opensOwn(pool) || playerOf(pool)?.account !== account) return;
  const who = { pool, account };
  const { wanted: first, held } = untried(who, openings, others);
  if (held !== null && !(delivering.get().error instanceof OtherKeepers)) change({ error: held });
  if (first.length === 0) return;
  change({ busy: true });
  try {
    const left = await dealOut(here, who, openings, ask, others, (held) => change({ error: held }));
    if (left === undefined) return;
    change({ error: left, settles: true });
    clearTimeout(settling);
    settling = setTimeout(() => change({ settles: false }), SETTLES_MS);
    await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(OPENINGS) });
  } catch (error) {
    // Where nobody answers, the shell says so, and this is tried again.
    if (!(error instanceof TypeError)) change({ error });
  } finally {
    change({ busy: false });
  }
}

/** Hands over what a player of another pool has just sealed there, and says whether nothing of it is left. */
export async function deliverThere(ground: Ground, who: Who): Promise<boolean> {
  if (opensOwn(who.pool)) return true;
  const openings = await openingsNow(ground, who.account);
  if (!openings.has_keepers) return true;
  if (untried(who, openings, false).wanted.length > 0)
    await dealOut(ground, who, openings, false, false, () => undefined);
  return openings.seals.length > 0 && openings.seals.every(({ waits, deal }) => !waits && !deal);
}

/** Hands over whatever is missing, whenever the page is open and the keys are not locked. */
export function useDeliver(pool: string, account: string | undefined): void {
  const near = useNear();
  const own = useOpensOwn(pool);
  const { data } = useOpenings(account, true);
  const wanted = near !== false && !own && data !== undefined && missing(data, nodeTime() / 1000).length > 0;
  const attempt = useCallback(() => {
    if (account !== undefined && data !== undefined) void deliver(pool, account, data, false);
  }, [pool, account, data]);
  useTries(wanted ? attempt : undefined);
}

export const useDelivering = (): Delivering => useStore(delivering);

/** Who of few keepers could read before kick-off what they were handed: nobody, where it takes one's own program as well. */
export const lookers = (
  keepers: readonly Pick<Shapes["KeeperBody"], "keeper">[],
  account: string,
): Shapes["PlayerRef"][] => {
  const players = keepers.map(({ keeper }) => keeper);
  return players.some((player) => player.account === account) ? [] : players;
};
