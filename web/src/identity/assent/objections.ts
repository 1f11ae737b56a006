// Objections to results that can still be corrected, and which of them an organiser has answered on this device: the result stays.

import { useQueries } from "@tanstack/react-query";

import { kept } from "../../device/kept";
import { store, useStore } from "../../device/store";
import type { Shapes } from "../../node/client";
import { objectionsOptions } from "../../node/queries";
import type { Item } from "./kinds";

type Match = Shapes["MatchBody"];

/** What somebody says against the record that stands. */
export interface Objection<Of extends Item = Match> {
  match: Of;
  player: Shapes["PlayerRef"];
  text: string;
  /** Whether the organiser here has looked at it and keeps the result. */
  answered: boolean;
}

/** So many answers are kept. */
const MOST = 200;

const keptOf = (pool: string) => kept(`bolao.answered.${pool}`);
const nameOf = (code: string, { version, player }: Pick<Shapes["ObjectionBody"], "version" | "player">): string =>
  `${code}/${version}/${player.account}`;

function read(pool: string): readonly string[] {
  try {
    const names: unknown = JSON.parse(keptOf(pool).read() ?? "[]");
    return Array.isArray(names) ? names.filter((it) => typeof it === "string") : [];
  } catch {
    return [];
  }
}

const stores = new Map<string, ReturnType<typeof store<readonly string[]>>>();

function storeOf(pool: string) {
  const known = stores.get(pool) ?? store(read(pool));
  stores.set(pool, known);
  return known;
}

/** Keeps the result that somebody objects to. */
export function answer(pool: string, { match, player }: Objection): void {
  const name = nameOf(match.code, { version: match.record?.version ?? 0, player });
  const names = [...read(pool).filter((it) => it !== name), name].slice(-MOST);
  keptOf(pool).write(JSON.stringify(names));
  storeOf(pool).set(names);
}

/** What is said against results that stand and can be corrected. */
export function useObjected<Of extends Item = Match>(pool: string, matches: readonly Of[]): Objection<Of>[] {
  const answered = useStore(storeOf(pool));
  const objected = matches.filter(({ record }) => record?.provisional === true && record.objections > 0);
  const said = useQueries({ queries: objected.map(objectionsOptions) });
  return objected.flatMap((match, at) =>
    (said[at]?.data ?? [])
      .filter(({ version }) => version === match.record?.version)
      .map(({ player, text, version }) => ({
        match,
        player,
        text,
        answered: answered.includes(nameOf(match.code, { version, player })),
      })),
  );
}
