import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState, type ReactNode } from "react";

import { Sentence } from "../words/Sentence";
import { Button } from "./Button";
import styles from "./Doubts.module.css";
import { TextField } from "./TextField";
import type { Doubt } from "./reading";

/** What is wrong with a line, in the page's words where it has some. */
function Why({ reason }: { reason: string }): ReactNode {
  if (reason.startsWith("it names no two teams")) return <Trans>It doesn’t name two teams.</Trans>;
  if (reason.includes("there is no such day")) return <Trans>There’s no such day.</Trans>;
  if (reason.includes("there is no such time")) return <Trans>There’s no such time.</Trans>;
  if (reason === "") return null;
  return (
    <span lang="en">
      <Sentence says={reason} />
    </span>
  );
}

/** One line of the list; it is read again once somebody has written it. */
function Line({ doubt, says, put }: { doubt: Doubt; says: string; put: (says: string) => void }) {
  const { t } = useLingui();
  const { line } = doubt;
  const [text, setText] = useState(says);
  const commit = (): void => {
    if (text !== says) put(text);
  };
  return (
    <li className={styles.line}>
      <TextField
        label={t`Line ${line}`}
        value={text}
        onChange={setText}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          commit();
        }}
        error={doubt.reason !== "" && <Why reason={doubt.reason} />}
        autoComplete="off"
        spellCheck="false"
      />
      <Button look="quiet" onPress={() => put("")}>
        <Trans>Leave it out</Trans>
      </Button>
    </li>
  );
}

/** Lines of a list that were not understood, each to be mended where it stands. */
export function Doubts({
  doubts,
  text,
  put,
}: {
  doubts: readonly Doubt[];
  text: string;
  put: (line: number, says: string) => void;
}) {
  const lines = text.split("\n");
  return (
    <section className={styles.doubts}>
      <h3>
        <Plural value={doubts.length} one="# line isn’t clear" other="# lines aren’t clear" />
      </h3>
      <p className={styles.soft}>
        <Trans>Write a match like “14 June 2030 19:00 Portugal v Spain”. What you don’t fix is left out.</Trans>
      </p>
      <ul className={styles.lines}>
        {doubts.map((doubt) => {
          const says = lines[doubt.line - 1] ?? "";
          return <Line key={`${doubt.line} ${says}`} doubt={doubt} says={says} put={(next) => put(doubt.line, next)} />;
        })}
      </ul>
    </section>
  );
}
