import { useLingui } from "@lingui/react";
import { useEffect, useState } from "react";

import type { Shapes } from "../node/client";
import { wordsOfRules } from "../words/languages";
import { Sentence } from "../words/Sentence";
import { inWords } from "./said";

/** The rules as the program says them; `said` lacks where it is an older one. */
export type Said = Pick<Shapes["RulesBody"], "sentences" | "said">;

/** A pool's rules, each an entry of a list: in the reader's language, or in English where there are no words for one. */
export function Sentences({ rules }: { rules: Said }) {
  useLingui();
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const settle = () => setSettled(true);
    wordsOfRules().then(settle, settle);
  }, []);
  if (!settled) return null;
  return rules.sentences.map((sentence, at) => {
    const words = inWords(rules.said?.[at]);
    return (
      <li key={sentence} {...(words === undefined && { lang: "en" })}>
        <Sentence says={words ?? sentence} />
      </li>
    );
  });
}
