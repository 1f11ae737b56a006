import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Button } from "../../../design/Button";
import { Card, Section } from "../../../design/Card";
import { Pill } from "../../../design/Pill";
import { answerNames, rightOf } from "../../../identity/answers/answer";
import { useNow } from "../../../node/clock";
import type { QuestionBody } from "../../../node/questions";
import { moment, seconds } from "../../../words/time";
import styles from "../Organise.module.css";

/** Until when it takes answers, or what was right. */
function Says({ question: { asks, closes, answered, record, status } }: { question: QuestionBody }): ReactNode {
  const now_s = useNow(60);
  const names = answerNames(asks, rightOf(record?.outcome));
  const at = moment(seconds(closes), now_s);
  if (record != null) return names === "" ? <Trans>Withdrawn</Trans> : <Trans>Right: {names}</Trans>;
  return (
    <>
      {status === "open" ? <Trans>closes {at}</Trans> : <Trans>closed {at}</Trans>} ·{" "}
      <Plural value={answered} one="# answer" other="# answers" />
    </>
  );
}

interface Props {
  title: ReactNode;
  of: readonly QuestionBody[];
  /** What a tap does, where it does something. */
  says?: ReactNode;
  press?: (question: QuestionBody) => void;
}

/** Questions line by line, with what can be done about each. */
export function Rows({ title, of, says, press }: Props) {
  if (of.length === 0) return null;
  return (
    <Section title={title}>
      <Card>
        <ul>
          {of.map((question) => (
            <li key={question.code} className={styles.match}>
              <span className={styles.source}>
                <strong className={styles.what}>{question.text}</strong>
                <span className={styles.soft}>
                  <Says question={question} />
                </span>
                {(question.record?.objections ?? 0) > 0 && (
                  <Pill look="hot">
                    <Plural value={question.record?.objections ?? 0} one="# objection" other="# objections" />
                  </Pill>
                )}
              </span>
              {press !== undefined && (
                <Button look="quiet" onPress={() => press(question)}>
                  {says}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}
