import { useLingui } from "@lingui/react";

import type { Shapes } from "../node/client";
import { Sentence } from "../words/Sentence";
import { useWordsOfActs } from "./ActSays";
import { inWords } from "./said";

/** What a node has found, in the reader's language; in its own English until the words are there, and where this page has none for it. */
export function FindingSays({ finding: { code, values, text } }: { finding: Shapes["FindingBody"] }) {
  useLingui();
  useWordsOfActs();
  const words = inWords({ template: code, values });
  return (
    <span {...(words === undefined && { lang: "en" })}>
      <Sentence says={words ?? text} />
    </span>
  );
}
