import type { Pool } from "../../rules";

/** What the join page says of a pool. */
export type Agreed = Pick<Pool, "name" | "bets" | "starting_chips" | "rules">;

const fieldsOf = (value: unknown): Partial<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? value : {};

/** What a genesis file says, before anybody looked whether it is the pool's; `undefined` if it is none. */
export function claimed(genesis: string): Agreed | undefined {
  let file: unknown;
  try {
    file = JSON.parse(genesis);
  } catch {
    return undefined;
  }
  const { name, starting_chips, rules } = fieldsOf(file);
  const { tips: bets } = fieldsOf(rules);
  if (typeof name !== "string" || typeof starting_chips !== "number") return undefined;
  if (bets !== "open" && bets !== "sealed") return undefined;
  return { name, bets, starting_chips, rules };
}
