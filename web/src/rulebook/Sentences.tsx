import { useLingui } from "@lingui/react";
import { useEffect, useState } from "react";

import { Failure } from "../design/Failure";
import { wordsOfRules } from "../words/languages";
import { Sentence } from "../words/Sentence";
import { inWords } from "./said";

/** The rules before they are put into words; `sentences`, the same in English from a program that may be newer than this page. */
export interface Said {
  said: readonly unknown[];
  sentences?: readonly string[];
}

interface Settled {
  failed?: unknown;
}

/** Brings the words of rules: `undefined` while they are on their way. */
export function useWordsOfRules(wanted: boolean): [settled: Settled | undefined, bring: () => Promise<void>] {
  useLingui();
  const [settled, setSettled] = useState<Settled>();
  const bring = () =>
    wordsOfRules().then(
      () => setSettled({}),
      (failed: unknown) => setSettled({ failed }),
    );
  useEffect(() => {
    if (wanted) void bring();
  }, [wanted]);
  return [settled, bring];
}

/** What makes something count for other points, in a few words each; none until those are there. */
export function useModifiers(says: readonly unknown[] = []): readonly string[] {
  const [settled] = useWordsOfRules(says.length > 0);
  return settled === undefined ? [] : says.flatMap((one) => inWords(one) ?? []);
}

/** The same of a tip, in a line; nothing where nothing does. */
export function Modifiers({ says }: { says: readonly unknown[] | undefined }) {
  const words = useModifiers(says);
  return words.length === 0 ? null : <span>{words.join(" · ")}</span>;
}

/** A pool's rules, each an entry of a list: in the reader's language, or in English where there are no words for one. */
export function Sentences({ said, sentences = [] }: Said) {
  const [settled, bring] = useWordsOfRules(true);
  if (settled === undefined) return null;
  const rules = said.map((one, at) => ({ words: inWords(one), english: sentences[at] }));
  if (settled.failed !== undefined && rules.some(({ words, english }) => (words ?? english) === undefined)) {
    return (
      <li>
        <Failure error={settled.failed} again={() => void bring()} />
      </li>
    );
  }
  return rules.map(({ words, english = "" }, at) => (
    <li key={at} {...(words === undefined && { lang: "en" })}>
      <Sentence says={words ?? english} />
    </li>
  ));
}
