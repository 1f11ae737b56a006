import { inHost } from "../device/address";
import { nameHere } from "../device/kept";
import { wordsOf } from "../words/languages";

/** A part of the page did not load: nobody answers, or the node has another version of the page by now. */
export class Unloaded extends TypeError {}

/** A feature with its words, when it is first wanted. */
export async function lazyRoute<Shown>(name: string, code: Promise<{ Place: Shown }>): Promise<Shown> {
  try {
    const [{ Place }] = await Promise.all([code, wordsOf(name)]);
    return Place;
  } catch (cause) {
    throw new Unloaded(`${name} did not load: ${String(cause)}`);
  }
}

const RELOADED = nameHere("bolao.reloaded");
const ONCE_MS = 60_000;

/**
 * Loads the whole page anew if the node answers; not twice within a minute, unless `asked`. Says whether it does. A browser may
 * remember an import that failed, so that asking for it again is not enough.
 */
export async function loadAnew(asked: boolean): Promise<boolean> {
  const answer = await fetch(inHost("/"), { cache: "no-store", headers: { accept: "text/html" } }).catch(
    () => undefined,
  );
  if (answer?.ok !== true) return false;
  try {
    const last_ms = Number(sessionStorage.getItem(RELOADED) ?? "0");
    if (!asked && Date.now() - last_ms < ONCE_MS) return false;
    sessionStorage.setItem(RELOADED, String(Date.now()));
  } catch {
    // Nothing would end a page that loads itself again and again.
    if (!asked) return false;
  }
  location.reload();
  return true;
}
