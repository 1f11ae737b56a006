import { useLingui } from "@lingui/react";

import { Card } from "../../design/Card";
import { Faces } from "../../design/Faces";
import { LinesPicture, ShareButton } from "../../design/share";
import { useNow } from "../../node/clock";
import { usePool } from "../../node/queries";
import { useWordsOfActs } from "../../rulebook/ActSays";
import { roundName } from "../../words/rounds";
import type { LiveProps } from "../extra";
import { headingOf, type Told, toldOf } from "./told";
import styles from "./Recap.module.css";

function Share({ stage, told }: { stage: string; told: readonly Told[] }) {
  const { name } = usePool();
  const lines = told.filter(({ about }) => about !== "next");
  const next = told.find(({ about }) => about === "next");
  return (
    <ShareButton
      look="bare"
      name="bolao-round"
      text={[headingOf(name, stage) ?? name, ...told.map(({ later }) => later)].join("\n")}
      picture={() => <LinesPicture over={roundName(stage)} title={name} lines={lines} foot={next?.later} />}
    />
  );
}

/** A round that is over, in a few lines. */
export function Recap({ stage, table: { recap }, matches }: LiveProps) {
  useLingui();
  useWordsOfActs();
  const now_s = useNow(60);
  const told = recap == null ? [] : toldOf(recap, stage, matches, now_s);
  if (told.length === 0) return null;
  return (
    <Card>
      <div className={styles.head}>
        <h2 className={styles.over}>{roundName(stage)}</h2>
        <Share stage={stage} told={told} />
      </div>
      <ul>
        {told.map((line) => (
          <li key={line.about} className={styles.line} data-about={line.about}>
            <span className={styles.face}>
              <Faces people={line.people} teams={line.teams} />
            </span>
            {line.text}
          </li>
        ))}
      </ul>
    </Card>
  );
}
