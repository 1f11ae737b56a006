import { agrees } from "./check";
import type { Answers } from "./compare";

/** What the node says, once the book says the same; `undefined` if it does not. `now`: the book is read for it, whatever device this is. */
export async function agreed<Said extends { answers: Answers }>(
  id: string,
  ask: (fresh: boolean) => Promise<Said>,
  now: boolean,
): Promise<Said | undefined> {
  let said: Said | undefined;
  const read = async (fresh: boolean): Promise<Answers> => {
    said = await ask(fresh);
    return said.answers;
  };
  return (await agrees({ id, read }, now)) ? said : undefined;
}
