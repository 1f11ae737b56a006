import { queryOptions } from "@tanstack/react-query";

import { node, type Shapes } from "./client";
import { competitionsAnswer } from "./entries";
import { shaped } from "./shape";

/** A competition whose lists the pool's computer knows. */
export type Competition = Shapes["CompetitionBody"];

/** Without accents and capitals. */
const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Those that have every word that was typed in their name, their code or the words for them. */
export function found(all: readonly Competition[], typed: string): Competition[] {
  const wanted = plain(typed).split(/\s+/);
  return all.filter(({ name, code, words }) => {
    const text = plain(`${name} ${code} ${words}`);
    return wanted.every((word) => text.includes(word));
  });
}

/** The competitions that are played now or come next. */
export const competitionsOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/competitions"],
    queryFn: async ({ signal }) => {
      const { data, error } = await node.GET("/api/v1/competitions", { signal });
      if (error !== undefined) throw error;
      return shaped(data, competitionsAnswer, "the competitions");
    },
  });
