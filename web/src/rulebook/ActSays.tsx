import { useLingui } from "@lingui/react";
import { useEffect, useState } from "react";

import { hasWordsOfRules, wordsOfRules } from "../words/languages";
import { Sentence } from "../words/Sentence";
import { inWords } from "./said";

/** Whether this page has the words for what organisers change; it fetches them where they are wanted. */
export function useWordsOfActs(wanted = true): boolean {
  const [ready, setReady] = useState(hasWordsOfRules);
  useEffect(() => {
    if (!wanted) return;
    void wordsOfRules().then(
      () => setReady(true),
      () => undefined,
    );
  }, [wanted]);
  return ready;
}

/** What an act of an organiser has changed, in the reader's language: sentences one after the other. */
export function ActSays({ said }: { said: readonly unknown[] }) {
  useLingui();
  useWordsOfActs();
  const sentences = said.flatMap((one) => inWords(one) ?? []);
  return <Sentence says={sentences.join(" ")} />;
}
