import { kept } from "../device/kept";
import { load } from "../rules";
import { holds } from "./signer";
import { dropPass } from "./pass";
import { keepPlayer } from "./player";
import { stopBeingTold } from "./push";

/** What a player leaves on this device besides the keys: nobody who plays here next may see it, or send it. */
const LEFT = ["drafts", "opens-own", "invitation", "invitations", "results", "asks", "words-later", "places", "also"];

/** Forgets what a player has written on this device. */
export function forgetWritten(pool: string): void {
  for (const what of LEFT) kept(`bolao.${what}.${pool}`).write(null);
}

/** Takes a player's keys off this device, and all that is kept of them. What was read meanwhile stays until the page is left. */
export async function forget(pool: string): Promise<void> {
  holds(undefined);
  keepPlayer(pool, undefined);
  dropPass(pool);
  forgetWritten(pool);
  await (await import("../node/keptAnswers")).forgetAnswers();
  const rules = await load();
  await rules.forgetKeys();
  await rules.forgetBook().catch(() => undefined);
  await stopBeingTold().catch(() => undefined);
}
