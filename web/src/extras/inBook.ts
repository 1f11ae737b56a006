import { own, ownLately } from "../checking/check";
import { within } from "../checking/sure";
import { PATIENCE_MS } from "../identity/sending/sendTips";
import type { Shapes } from "../node/client";
import { NOT_IN_BOOK, Refused } from "../node/refused";

/** What the book says of a player, by the end of its path. */
interface OfPlayer {
  "": Shapes["PlayerPage"];
  "/features": Shapes["PlayerFeatures"];
}

/**
 * Throws where something of a player is not as it was shown, by this device's own book. Where it is by the book as it was read in the last
 * minutes, that is not read on. Where it cannot be read just now, nothing is lost: the chain refuses what it does not allow.
 */
export async function standsInBook<Part extends keyof OfPlayer>(
  account: string,
  part: Part,
  isAsShown: (says: OfPlayer[Part]) => boolean,
): Promise<void> {
  const path = `/api/v1/players/${account}${part}`;
  const lately = await ownLately<OfPlayer[Part]>(path);
  if (lately !== undefined && isAsShown(lately)) return;
  const book = await within(own<OfPlayer[Part]>(path, false), PATIENCE_MS).catch(() => undefined);
  if (book !== undefined && !isAsShown(book))
    throw new Refused(NOT_IN_BOOK, "the book has something else of the player");
}
