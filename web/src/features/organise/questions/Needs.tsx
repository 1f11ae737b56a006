import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Section } from "../../../design/Card";
import { answerNames, pointsSay, rightOf } from "../../../identity/answers/answer";
import { useNow } from "../../../node/clock";
import type { OutcomeBody, QuestionBody, QuestionVote } from "../../../node/questions";
import { moment, seconds } from "../../../words/time";
import { NotKnown } from "../NotKnown";
import styles from "../Organise.module.css";
import { alike, signedBy, type WaitingResult } from "../outcome";
import { Vote } from "../Vote";

/** What waits on a question: itself, or what is right. */
export type Wanted = QuestionVote | WaitingResult;

/** What it says: a question with all that counts, or an answer. */
function Says({ vote, question }: { vote: Wanted; question: QuestionBody | undefined }) {
  const now_s = useNow(60);
  if (vote.type === "question") {
    const { text, closes, asks } = vote.question;
    const at = moment(seconds(closes), now_s);
    return (
      <>
        <strong className={styles.what}>{text}</strong>
        <span className={styles.soft}>
          <Trans>closes {at}</Trans> · {pointsSay(vote.question)} ·{" "}
          {asks.kind === "choice" ? asks.options.join(", ") : `${asks.least} – ${asks.most}`}
        </span>
      </>
    );
  }
  if (question === undefined) return <NotKnown />;
  const outcome: OutcomeBody = vote.outcome;
  return (
    <>
      <strong className={styles.what}>{question.text}</strong>
      {answerNames(question.asks, rightOf(outcome)) || <Trans>Withdrawn</Trans>}
      {outcome.reason != null && <q>{outcome.reason}</q>}
    </>
  );
}

interface Props {
  votes: readonly Wanted[];
  questions: readonly QuestionBody[];
  account: string;
}

/** What other organisers signed and this one may sign with them, and what waits for others. */
export function Needs({ votes, questions, account }: Props) {
  const those = (mine: boolean, title: ReactNode) => {
    const some = votes.filter((vote) => (vote.signable && !signedBy(vote.signers, account)) === mine);
    if (some.length === 0) return null;
    return (
      <Section title={title}>
        <ul className={styles.rows}>
          {some.map((vote) => {
            const question = questions.find(({ no }) => no === vote.about.no);
            const known = vote.type === "question" || question !== undefined;
            return (
              <Vote key={vote.id} vote={vote} account={account} office={known ? alike(vote, question) : undefined}>
                <Says vote={vote} question={question} />
              </Vote>
            );
          })}
        </ul>
      </Section>
    );
  };
  return (
    <>
      {those(true, <Trans>Needs you</Trans>)}
      {those(false, <Trans>Waiting for other organisers</Trans>)}
    </>
  );
}
