import { useEffect, useState } from "react";

import { kept } from "../../device/kept";
import type { Shapes } from "../../node/client";
import { standing } from "../../node/record";

type Match = Shapes["MatchBody"];

/** A result that was shown so long ago is news no more; until then whoever comes back from another place finds it where it was. */
const LOOK_MS = 15 * 60_000;

/** When this device first showed the result of a match, by code. */
type Shown = Readonly<Record<string, number>>;

const memoryOf = (pool: string) => kept(`bolao.results.${pool}`);

function read(pool: string): Shown | undefined {
  try {
    const known: unknown = JSON.parse(memoryOf(pool).read() ?? "null");
    return typeof known === "object" && known !== null ? (known as Shown) : undefined;
  } catch {
    return undefined;
  }
}

const isSeen = (): boolean => document.visibilityState !== "hidden";

/**
 * Codes of the matches that finished since the last look at this page here. Nothing moves during a look: the next one begins
 * when the page is shown again. At the first look nothing is news.
 */
export function useNews(pool: string, matches: readonly Match[]): ReadonlySet<string> {
  const done = matches.filter((match) => standing(match) !== undefined).map(({ code }) => code);
  const [look, setLook] = useState(() => ({
    at_ms: Date.now(),
    shown: read(pool) ?? Object.fromEntries(done.map((code) => [code, 0])),
  }));
  const codes = done.join(" ");
  useEffect(() => {
    const remember = (): void => {
      if (!isSeen()) return;
      const known = read(pool) ?? look.shown;
      const all = codes === "" ? [] : codes.split(" ");
      const now = Object.fromEntries(all.map((code) => [code, known[code] ?? Date.now()]));
      memoryOf(pool).write(JSON.stringify(now));
    };
    const turn = (): void => {
      if (isSeen()) setLook({ at_ms: Date.now(), shown: read(pool) ?? {} });
    };
    remember();
    document.addEventListener("visibilitychange", turn);
    return () => document.removeEventListener("visibilitychange", turn);
  }, [pool, codes, look]);
  return new Set(done.filter((code) => (look.shown[code] ?? Infinity) > look.at_ms - LOOK_MS));
}
