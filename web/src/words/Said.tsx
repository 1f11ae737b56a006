import { Trans } from "@lingui/react/macro";

import { pathOf } from "../route";
import { Sentence } from "./Sentence";

/** As much of a stranger's text is shown. */
const MOST = 200;

// Signs that are not seen and turn or break what stands around them.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** A text that is not the page's own, in a line: at most so many signs of it. */
function clipped(says: unknown, most = MOST): string {
  const text = typeof says === "string" ? says : JSON.stringify(says);
  const all = Array.from(text.slice(0, 8 * most).replaceAll(UNSEEN, " "));
  return all.length > most || text.length > 8 * most ? `${all.slice(0, most).join("").trimEnd()} …` : all.join("");
}

/** The same where it stands among the page's own words. */
export const Said = ({ says, most }: { says: unknown; most?: number }) => <bdi>{clipped(says, most)}</bdi>;

/** The first run is on one's own computer: it may say more. */
const MOST_OWN = 1_000;

// What a request for a key sounds like, in the page's languages, and where it would lead.
const ASKS =
  /\b24\b|twenty|words?\b|keys?\b|secret|phrase|seed|recover|palavra|chave|segredo|frase|senha|w[öo]rter|schlüssel|geheim|https?:|www\.|@/i;

/** What the node says in its own words, which the page does not know: as a stranger's speech, and not as the page's. */
export function Quoted({ says }: { says: unknown }) {
  const own = pathOf(location).startsWith("/start");
  const quote = clipped(says, own ? MOST_OWN : MOST);
  const text = (
    <bdi lang="en">
      <Sentence says={quote} />
    </bdi>
  );
  if (own) {
    return (
      <p>
        <Trans>The program says: “{text}”</Trans>
      </p>
    );
  }
  return (
    <>
      <p>
        <Trans>The pool’s computer says: “{text}”</Trans>
      </p>
      {ASKS.test(quote) && (
        <p>
          <Trans>Never share your 24 words. Nobody will ever ask you for them.</Trans>
        </p>
      )}
    </>
  );
}
