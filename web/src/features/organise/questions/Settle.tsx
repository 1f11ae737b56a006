import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../../../design/Button";
import { TextField } from "../../../design/TextField";
import { answerNames, isOrdered } from "../../../identity/answers/answer";
import { Refusal } from "../../../identity/sending/Refusal";
import { useOffice } from "../../../identity/sending/useSend";
import { answersOptions } from "../../../node/queries";
import type { QuestionBody } from "../../../node/questions";
import { Options } from "../../../sentences/Options";
import { Because } from "../Because";
import { Objections } from "../Objections";
import styles from "../Organise.module.css";
import { resultOf } from "../outcome";

interface RightProps {
  question: QuestionBody;
  right: number[];
  choose: (right: number[]) => void;
}

/** The answers that are right: those that are tapped, in their order, or the number that is typed. */
function Right({ question, right, choose }: RightProps) {
  const { t } = useLingui();
  const { asks } = question;
  if (asks.kind === "choice") {
    const tap = (answer: number): void =>
      choose(right.includes(answer) ? right.filter((it) => it !== answer) : [...right, answer]);
    return <Options asks={asks} picked={right} ordered={isOrdered(question)} tap={tap} />;
  }
  return (
    <TextField
      label={t`The right number`}
      inputMode="numeric"
      value={right.join("")}
      onChange={(text) => choose((/\d{1,4}/.exec(text) ?? []).map(Number))}
    />
  );
}

/** How many players said what is entered: a look at it before it is signed. */
function Gets({ question: { code, asks }, right }: Omit<RightProps, "choose">) {
  const { data: all } = useQuery(answersOptions(code));
  if (all === undefined || right.length === 0) return null;
  const names = answerNames(asks, right);
  const said = all.filter(({ answers }) => answers.some((one) => one?.answer != null && right.includes(one.answer)));
  return (
    <p className={styles.soft}>
      <Plural
        value={said.length}
        one={`Points for those who said ${names}: # player`}
        other={`Points for those who said ${names}: # players`}
      />
    </p>
  );
}

/** Whether as much is right as everybody was asked for. */
function isWhole(question: QuestionBody, right: readonly number[]): boolean {
  const { asks, slots } = question;
  // The right number may lie outside of what could be answered (rule X8).
  if (asks.kind === "number") return right.length === 1;
  return isOrdered(question) ? right.length === slots : right.length >= slots;
}

/** Enters what is right once it is closed, corrects it with a reason, or cancels the question. */
export function Settle({ question, done }: { question: QuestionBody; done: () => void }) {
  const sending = useOffice();
  const [right, setRight] = useState<number[]>([]);
  const [reason, setReason] = useState("");
  const { record, status } = question;
  const why = reason.trim() === "" ? {} : { reason: reason.trim() };
  const because = <Because value={reason} change={setReason} />;
  // Where no order counts, the rules want that of the list.
  const inOrder = isOrdered(question) ? right : [...right].sort((one, other) => one - other);
  const corrects = record != null;
  const sign = (outcome: Parameters<typeof resultOf>[1]): void =>
    sending.mutate(resultOf(question, { ...outcome, ...why }), { onSuccess: done });
  return (
    <div className={styles.form}>
      {corrects && <Objections of={question} />}
      {status !== "open" && (
        <>
          <Right question={question} right={right} choose={setRight} />
          <Gets question={question} right={right} />
          {corrects && because}
          <Button
            look="main"
            wide
            isDisabled={!isWhole(question, right) || (corrects && why.reason === undefined) || sending.isPending}
            onPress={() => sign({ status: "answered", right: inOrder })}
          >
            {corrects ? <Trans>Save the correction</Trans> : <Trans>Enter result</Trans>}
          </Button>
        </>
      )}
      {record?.outcome.status !== "cancelled" && (
        <details className={styles.folded}>
          <summary>
            <Trans>Withdraw the question</Trans>
          </summary>
          <div className={styles.form}>
            <p className={styles.soft}>
              <Trans>Nobody can answer it any more, and it gives no points.</Trans>
            </p>
            {!corrects && because}
            <Button
              look="danger"
              isDisabled={why.reason === undefined || sending.isPending}
              onPress={() => sign({ status: "cancelled" })}
            >
              <Trans>Withdraw the question</Trans>
            </Button>
          </div>
        </details>
      )}
      <Refusal error={sending.error} />
    </div>
  );
}
