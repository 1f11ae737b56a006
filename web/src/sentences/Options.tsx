import { useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { TickIcon } from "../design/icons";
import { TextField } from "../design/TextField";
import { answerName } from "../identity/answers/answer";
import type { Asks } from "../node/questions";
import { Answer } from "./Answer";
import styles from "./Options.module.css";

/** A longer list can be searched. */
const SEARCHED = 8;

const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

interface Props {
  asks: Extract<Asks, { kind: "choice" }>;
  picked: readonly (number | undefined)[];
  /** Whether no more can be picked. */
  full?: boolean;
  /** Whether it is told in which place each stands. */
  ordered?: boolean;
  tap: (answer: number) => void;
}

/** All that can be answered, line by line. */
export function Options({ asks, picked, full = false, ordered = false, tap }: Props) {
  const { t } = useLingui();
  const [sought, setSought] = useState("");
  const found = [...asks.options.keys()].filter((it) => plain(answerName(asks, it)).includes(plain(sought.trim())));
  return (
    <>
      {asks.options.length > SEARCHED && (
        <TextField type="search" label={t`Search`} value={sought} onChange={setSought} autoComplete="off" />
      )}
      <ul className={styles.options}>
        {found.map((answer) => {
          const at = picked.indexOf(answer);
          return (
            <li key={answer}>
              <button
                type="button"
                className={styles.option}
                aria-pressed={at >= 0}
                disabled={full && at < 0}
                onClick={() => tap(answer)}
              >
                <Answer asks={asks} answer={answer} />
                {at >= 0 && (ordered ? <b>{at + 1}</b> : <TickIcon size={20} />)}
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}
