// Drafts: tips on this device only, until they are sent.

import type { Shapes } from "../../node/client";
import { kept } from "../../device/kept";
import { store, useStore } from "../../device/store";
import { type Draft, isDraft, sameDraft } from "./draft";

interface Drafts {
  /** By `whichOf` a match. */
  tips: Record<string, Draft>;
  /** Those to be sent as soon as the pool's computer answers, by `whichOf` their match. */
  wanted: readonly string[];
  /** The transaction that was sent last without an answer, and what it holds: it may have arrived. */
  unheard?: { id: string; tips: Record<string, Draft> } | undefined;
}

/** Which match it is: its number is signed, its teams are shown. A draft on other teams is none. */
export const whichOf = ({ no, code, home, away }: Pick<Shapes["MatchBody"], "no" | "code" | "home" | "away">): string =>
  JSON.stringify([no, code, home.name, away.name]);

const NONE: Drafts = { tips: {}, wanted: [] };

const nameOf = (pool: string): string => `bolao.drafts.${pool}`;

const sound = (tips: object | undefined): Record<string, Draft> =>
  Object.fromEntries(Object.entries(tips ?? {}).filter((tip): tip is [string, Draft] => isDraft(tip[1])));

function parse(text: string | null): Drafts {
  try {
    const { tips, wanted, unheard } = JSON.parse(text ?? "{}") as Partial<Drafts>;
    const sent = typeof unheard?.id === "string" ? { id: unheard.id, tips: sound(unheard.tips) } : undefined;
    const drafts = sound(tips);
    const waits = Array.isArray(wanted) ? wanted.filter((which) => typeof which === "string" && which in drafts) : [];
    return { tips: drafts, wanted: waits, unheard: sent };
  } catch {
    return NONE;
  }
}

interface Known {
  /** What is kept, of which the drafts were read. */
  text: string | null;
  drafts: ReturnType<typeof store<Drafts>>;
}

const stores = new Map<string, Known>();

/** Whether the browser keeps no more of what is written: it is gone when the page is left. */
export const unkept = store(false);

function knownOf(pool: string): Known {
  const known = stores.get(pool);
  if (known !== undefined) return known;
  const text = kept(nameOf(pool)).read();
  const read = { text, drafts: store(parse(text)) };
  stores.set(pool, read);
  return read;
}

/** The same as they are kept now: another tab may have written too. */
function fresh(pool: string): Known {
  const known = knownOf(pool);
  const text = kept(nameOf(pool)).read();
  if (known.text !== text) {
    known.text = text;
    known.drafts.set(parse(text));
  }
  return known;
}

addEventListener("storage", ({ key }) => {
  for (const pool of stores.keys()) if (key === null || key === nameOf(pool)) fresh(pool);
});

export const draftsOf = (pool: string): Drafts => knownOf(pool).drafts.get();

export const useDrafts = (pool: string): Drafts => useStore(knownOf(pool).drafts);

function write(pool: string, drafts: Drafts): void {
  const known = knownOf(pool);
  const empty = Object.keys(drafts.tips).length === 0;
  known.text = empty ? null : JSON.stringify(drafts);
  unkept.set(!kept(nameOf(pool)).write(known.text));
  known.drafts.set(drafts);
}

/** Keeps a draft, or drops it. One that is changed waits for Send again; the others are sent all the same. */
export function keepDraft(pool: string, which: string, draft: Draft | undefined): void {
  const before = fresh(pool).drafts.get();
  const tips = { ...before.tips };
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
  if (draft === undefined) delete tips[which];
  else tips[which] = draft;
  write(pool, { ...before, tips, wanted: before.wanted.filter((one) => one !== which) });
}

/** Remembers what was sent without an answer. */
export function unheard(pool: string, id: string, tips: Record<string, Draft>): void {
  write(pool, { ...fresh(pool).drafts.get(), unheard: { id, tips } });
}

/** Drops what was sent, unless it was changed meanwhile. */
export function dropSent(pool: string, sent: Record<string, Draft>): void {
  const before = fresh(pool).drafts.get();
  const left = Object.entries(before.tips).filter(([which, draft]) => !sameDraft(sent[which], draft));
  const tips = Object.fromEntries(left);
  write(pool, { tips, wanted: before.wanted.filter((which) => which in tips) });
}

/** Says which drafts are to be sent as soon as possible. */
export function wantSent(pool: string, wanted: readonly string[]): void {
  const drafts = fresh(pool).drafts.get();
  if (drafts.wanted.length > 0 || wanted.length > 0) write(pool, { ...drafts, wanted });
}
