import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../../design/Button";
import { Choice } from "../../../design/Choice";
import { Notice } from "../../../design/Notice";
import { Picker } from "../../../design/Picker";
import { TextField } from "../../../design/TextField";
import { pointsSay } from "../../../identity/answers/answer";
import { isLong, linesOf, questionOf, type QuestionDraft } from "../../../identity/asking/ask";
import { questioned } from "../../../identity/assent/kinds";
import { Refusal } from "../../../identity/sending/Refusal";
import { useOffice } from "../../../identity/sending/useSend";
import { useNow } from "../../../node/clock";
import type { QuestionBody } from "../../../node/questions";
import { moment, seconds, span } from "../../../words/time";
import styles from "../Organise.module.css";

const POINTS = [2, 4, 5, 8, 10, 15, 20];
const SLOTS = [2, 3, 4, 5, 6, 7, 8];

const pills = (numbers: readonly number[]) => numbers.map((it) => ({ value: String(it), says: it }));

interface Props {
  filled: QuestionDraft;
  /** The groups of which it can ask, and what it begins with then. */
  stages?: readonly string[];
  fill?: (stage: string) => QuestionDraft;
  /** As it stands, where it is changed. */
  question?: QuestionBody;
  numberOf: (code: string) => number;
  notice_s: number;
  done: () => void;
}

/** A new question, or one that is changed. Once somebody has answered, it only closes at another time, or gets more to choose from. */
export function Ask({ filled, stages = [], fill, question: before, numberOf, notice_s, done }: Props) {
  const { t } = useLingui();
  const sending = useOffice();
  const now_s = useNow();
  const [draft, setDraft] = useState(filled);
  const [stage, setStage] = useState(stages[0] ?? "");
  // What the draft does not say is that of the question as it was when the form was opened.
  const [seen] = useState(before === undefined ? [] : [questioned(before)]);
  const fixed = before !== undefined && before.answered > 0;
  const question = questionOf(draft, before?.no ?? numberOf(draft.code), before);
  const same = question !== undefined && JSON.stringify(question) === JSON.stringify(seen[0]);
  const soonest_s = now_s + notice_s;
  const shut = before !== undefined && seconds(before.closes) < soonest_s;
  const soon = question !== undefined && question.closes < soonest_s;
  const long = question !== undefined && isLong(question);
  const notice = span(notice_s);
  const at = moment(soonest_s, now_s);
  const change = (part: Partial<QuestionDraft>): void => setDraft({ ...draft, ...part });
  const wrong = shut ? (
    <Trans>It closes in less than {notice}, so it can’t be changed any more.</Trans>
  ) : soon ? (
    <Trans>
      Everyone gets at least {notice} to answer: choose a time after {at}.
    </Trans>
  ) : long ? (
    <Trans>That is too long to be signed. Shorten the list.</Trans>
  ) : undefined;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (question !== undefined && !same && wrong === undefined)
          sending.mutate({ act: { type: "question", question }, seen }, { onSuccess: done });
      }}
    >
      {stages.length > 1 && fill !== undefined && (
        <Picker
          label={t`Group`}
          value={stage}
          choices={stages.map((value) => ({ value, says: value }))}
          choose={(next) => {
            setStage(next);
            setDraft(fill(next));
          }}
        />
      )}
      {before === undefined && filled.slots > 1 && (
        <Choice
          label={<Trans>How many answers?</Trans>}
          look="pills"
          value={String(draft.slots)}
          choices={pills(SLOTS.filter((slots) => slots <= linesOf(draft.options).length))}
          choose={(slots) => change({ slots: Number(slots) })}
        />
      )}
      {!fixed && (
        <>
          <TextField label={t`Question`} value={draft.text} onChange={(text) => change({ text })} maxLength={200} />
          <Choice
            label={<Trans>Points for each right answer</Trans>}
            look="pills"
            value={draft.points}
            choices={pills([...new Set([...POINTS, Number(draft.points)])].sort((one, other) => one - other))}
            choose={(points) => change({ points })}
          />
        </>
      )}
      <p className={styles.soft}>{question !== undefined && pointsSay(question)}</p>
      <label className={styles.field}>
        <span>
          <Trans>Answers close, in your time zone</Trans>
        </span>
        <input
          type="datetime-local"
          className={styles.moment}
          value={draft.closes}
          onChange={(event) => change({ closes: event.target.value })}
        />
      </label>
      {draft.asks.kind === "choice" && (
        <TextField
          label={t`Answers to choose from, one per line`}
          hint={fixed ? t`Players have answered: you can only add lines at the end.` : undefined}
          value={draft.options}
          onChange={(options) => change({ options })}
          rows={Math.min(8, Math.max(3, linesOf(draft.options).length))}
        />
      )}
      {wrong !== undefined && <Notice look="bad">{wrong}</Notice>}
      <Refusal error={sending.error} />
      <Button
        type="submit"
        look="main"
        wide
        isDisabled={question === undefined || same || wrong !== undefined || sending.isPending}
      >
        {question === undefined ? (
          <Trans>Something is still missing</Trans>
        ) : same ? (
          <Trans>Nothing changed yet</Trans>
        ) : before === undefined ? (
          <Trans>Ask</Trans>
        ) : (
          <Trans>Save</Trans>
        )}
      </Button>
    </form>
  );
}
