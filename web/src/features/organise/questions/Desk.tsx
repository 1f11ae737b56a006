import { Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../../design/Button";
import { Section } from "../../../design/Card";
import { Sheet } from "../../../design/Sheet";
import { Unread } from "../../../design/Unread";
import { draftOf, numberFor } from "../../../identity/asking/ask";
import { TEMPLATE_NAMES } from "../../../identity/asking/names";
import { filled, freeCode, groupsOf, TEMPLATES, type Template } from "../../../identity/asking/templates";
import { tabOf } from "../../../identity/assent/kinds";
import { lacksAnswer } from "../../../identity/assent/overdue";
import { usePending } from "../../../identity/drafts/ownTips";
import { useNotice } from "../../../keys/useOpened";
import type { Shapes } from "../../../node/client";
import { useNow } from "../../../node/clock";
import { useMatches, useQuestions, useVotes } from "../../../node/queries";
import type { NodeQuestion, QuestionBody, QuestionVote } from "../../../node/questions";
import { seconds } from "../../../words/time";
import { useOwnOffice } from "../me";
import styles from "../Organise.module.css";
import { Ask } from "./Ask";
import { Needs, type Wanted } from "./Needs";
import { Rows } from "./Rows";
import { Settle } from "./Settle";

/** Whether its record stays: it is final, or was withdrawn before it closed (rule X8). */
const isOver = ({ status, record, closes }: QuestionBody): boolean =>
  status === "final" || (record?.outcome.status === "cancelled" && seconds(record.since) < seconds(closes));

/** New questions that this device has sent and no block holds yet. */
function useSent(account: string, questions: readonly QuestionBody[]): NodeQuestion[] {
  const { data = [] } = usePending(account || undefined);
  const asked = data.flatMap(({ action }) => (action.type === "question" ? action.question : []));
  return asked.filter(({ no }) => questions.every((it) => it.no !== no));
}

/** A new question of a template, or one that is changed. */
function useAsk(account: string, questions: readonly QuestionBody[], votes: readonly QuestionVote[]) {
  const now_s = useNow(60);
  const { data: matches = [] } = useMatches();
  const notice_s = useNotice();
  const sent = useSent(account, questions);
  const fill = (template: Template, stage?: string) => {
    const draft = filled(template, { matches, now_s, notice_s, stage });
    return { ...draft, code: freeCode(draft.code, [...matches, ...questions, ...sent]) };
  };
  return {
    sent,
    stages: groupsOf(matches).map(({ stage }) => stage),
    fill,
    common: { notice_s, numberOf: (code: string) => numberFor(code, [...questions, ...sent], votes) },
  };
}

interface LoadedProps {
  questions: readonly QuestionBody[];
  votes: readonly Wanted[];
}

function Loaded({ questions, votes }: LoadedProps) {
  const { account } = useOwnOffice();
  const wanted = votes.filter((vote) => vote.type === "question");
  const { sent, stages, fill, common } = useAsk(account, questions, wanted);
  const [template, setTemplate] = useState<Template>();
  const [question, setQuestion] = useState<QuestionBody>();
  const voted = new Set(votes.flatMap((vote) => (vote.type === "result" ? vote.match.no : [])));
  const close = (): void => {
    setTemplate(undefined);
    setQuestion(undefined);
  };
  return (
    <>
      <Needs votes={votes} questions={questions} account={account} />
      <Rows
        title={<Trans>Awaiting the answer</Trans>}
        of={questions.filter((question) => lacksAnswer(question) && !voted.has(question.no))}
        says={<Trans>Enter result</Trans>}
        press={setQuestion}
      />
      <Section title={<Trans>Ask a question</Trans>}>
        <div className={styles.either}>
          {TEMPLATES.filter((one) => one !== "group" || stages.length > 0).map((one) => (
            <Button key={one} look="well" onPress={() => setTemplate(one)}>
              {TEMPLATE_NAMES[one]}
            </Button>
          ))}
        </div>
        {sent.map(({ code, text }) => (
          <p key={code} role="status" className={styles.soft}>
            <Trans>Sent, waiting for a block: {text}</Trans>
          </p>
        ))}
      </Section>
      <Rows
        title={<Trans>Open</Trans>}
        of={questions.filter(({ status }) => status === "open")}
        says={<Trans>Change</Trans>}
        press={setQuestion}
      />
      <Rows
        title={<Trans>Settled</Trans>}
        of={questions.filter((it) => it.record?.provisional === true && !isOver(it))}
        says={<Trans>Correct</Trans>}
        press={setQuestion}
      />
      <Rows title={<Trans context="settled questions">Final</Trans>} of={questions.filter(isOver)} />
      <Sheet
        title={question?.text ?? (template && TEMPLATE_NAMES[template])}
        open={template !== undefined || question !== undefined}
        close={close}
      >
        {template !== undefined && (
          <Ask
            filled={fill(template)}
            {...(template === "group" && { stages, fill: (stage: string) => fill("group", stage) })}
            {...common}
            done={close}
          />
        )}
        {question?.status === "open" && <Ask filled={draftOf(question)} question={question} {...common} done={close} />}
        {question !== undefined && <Settle question={question} done={close} />}
      </Sheet>
    </>
  );
}

/** The questions: what needs this organiser, templates for new ones, and what was asked. */
export function Questions() {
  const questions = useQuestions();
  const votes = useVotes();
  if (questions.data === undefined || votes.data === undefined)
    return <Unread of={[questions, votes]} rows={4} height={88} />;
  const isOurs = (vote: Shapes["WaitingBody"]): vote is Wanted => tabOf(vote) === "questions";
  return (
    <div className={styles.desk}>
      <Loaded questions={questions.data} votes={votes.data.filter(isOurs)} />
    </div>
  );
}
