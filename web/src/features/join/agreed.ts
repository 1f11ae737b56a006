import { isScoring } from "../../design/Points";
import { count, either, object, oneOf, text } from "../../node/shape";
import type { Pool } from "../../rules";

/** What the join page says of a pool. */
export type Agreed = Pick<Pool, "name" | "bets" | "starting_chips" | "rules">;

/** All that is drawn. */
const drawn = object({
  name: text,
  starting_chips: count,
  rules: object({ tips: oneOf("open", "sealed"), scoring: either(isScoring, (it) => it === undefined) }),
});

interface Drawn {
  name: string;
  starting_chips: number;
  rules: { tips: Pool["bets"] };
}

/** What a genesis file says, before anybody looked whether it is the pool's; `undefined` if it is none. */
export function claimed(genesis: string): Agreed | undefined {
  let file: unknown;
  try {
    file = JSON.parse(genesis);
  } catch {
    return undefined;
  }
  if (!drawn(file)) return undefined;
  const { name, starting_chips, rules } = file as Drawn;
  return { name, bets: rules.tips, starting_chips, rules };
}
