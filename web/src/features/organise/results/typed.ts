// Results as they are typed: on this device only, until they are signed.

import { isScoreLike } from "../../../design/ScoreFields";
import { STATUSES } from "../../../identity/assent/acts";
import { kept } from "../../../device/kept";
import { store, useStore } from "../../../device/store";
import { NO_RESULT, type ResultDraft } from "../outcome";

/** By codes of matches. */
export type Typed = Readonly<Record<string, ResultDraft>>;

const nameOf = (pool: string): string => `bolao.results.${pool}`;

const isDraft = (it: unknown): it is ResultDraft => {
  const { status, half_time, after_90, after_120, shootout, advances, reason } = (it ?? {}) as Partial<ResultDraft>;
  return (
    STATUSES.some((known) => known === status) &&
    [half_time, after_90, after_120, shootout].every(isScoreLike) &&
    [null, "home", "away"].includes(advances ?? null) &&
    typeof reason === "string"
  );
};

function read(pool: string): Typed {
  try {
    const typed = Object.entries<unknown>(JSON.parse(kept(nameOf(pool)).read() ?? "{}") as Record<string, unknown>);
    return Object.fromEntries(typed.filter((entry): entry is [string, ResultDraft] => isDraft(entry[1])));
  } catch {
    return {};
  }
}

const stores = new Map<string, ReturnType<typeof store<Typed>>>();

function storeOf(pool: string) {
  const known = stores.get(pool) ?? store(read(pool));
  stores.set(pool, known);
  return known;
}

export const useTyped = (pool: string): Typed => useStore(storeOf(pool));

/** Another tab may have written meanwhile: what is kept counts. */
function change(pool: string, to: (typed: Typed) => Typed): void {
  const typed = to(read(pool));
  const none = Object.keys(typed).length === 0;
  kept(nameOf(pool)).write(none ? null : JSON.stringify(typed));
  storeOf(pool).set(typed);
}

const same = (one: ResultDraft | undefined, other: ResultDraft): boolean =>
  one !== undefined && JSON.stringify({ ...NO_RESULT, ...one }) === JSON.stringify({ ...NO_RESULT, ...other });

/** Keeps what is typed of a match. */
export const type = (pool: string, code: string, draft: ResultDraft): void =>
  change(pool, (typed) => ({ ...typed, [code]: draft }));

/** Forgets what was signed, unless something else was typed meanwhile. */
export const signed = (pool: string, drafts: Typed): void =>
  change(pool, (typed) =>
    Object.fromEntries(Object.entries(typed).filter(([code, draft]) => !same(drafts[code], draft))),
  );
