import { useLingui } from "@lingui/react";
import { useEffect, useState } from "react";

import { wordsOfRules } from "../words/languages";
import { Sentence } from "../words/Sentence";
import { inWords } from "./said";

/** What an act of an organiser has changed, in the reader's language: sentences one after the other. */
export function ActSays({ said }: { said: readonly unknown[] }) {
  useLingui();
  const [, ready] = useState(false);
  useEffect(() => {
    void wordsOfRules().then(
      () => ready(true),
      () => undefined,
    );
  }, []);
  const sentences = said.flatMap((one) => inWords(one) ?? []);
  return <Sentence says={sentences.join(" ")} />;
}
