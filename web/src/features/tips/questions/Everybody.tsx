import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Card, Section } from "../../../design/Card";
import { personOf, Pile } from "../../../design/people";
import { Unread } from "../../../design/Unread";
import { rightOf } from "../../../identity/answers/answer";
import { answersOptions } from "../../../node/queries";
import type { AnswersBody, QuestionBody } from "../../../node/questions";
import { Answer } from "../../../sentences/Answer";
import { History } from "../../../sentences/History";
import { Names, namesOf } from "../../../words/Names";
import styles from "./Questions.module.css";

/** Those who gave an answer, by answers: what is right first, then numbers in their order, of others what most said. */
function byAnswer(all: readonly AnswersBody[], { asks, record }: QuestionBody): [number, AnswersBody[]][] {
  const right = rightOf(record?.outcome);
  const groups = new Map<number, AnswersBody[]>(right.map((answer) => [answer, []]));
  for (const one of all)
    for (const answer of new Set(one.answers.flatMap((it) => it?.answer ?? [])))
      groups.set(answer, [...(groups.get(answer) ?? []), one]);
  const isRight = (answer: number): number => (right.includes(answer) ? 1 : 0);
  return [...groups].sort(
    ([one, these], [other, those]) =>
      isRight(other) - isRight(one) || (asks.kind === "number" ? 0 : those.length - these.length) || one - other,
  );
}

/** What players got of a question of several answers, the most first. */
function Gains({ all }: { all: readonly AnswersBody[] }) {
  const some = all.filter(({ points }) => points != null && points > 0);
  some.sort((one, other) => (other.points ?? 0) - (one.points ?? 0));
  if (some.length === 0) return null;
  return (
    <p className={styles.soft}>{some.map(({ player, points }) => `${namesOf([player])} +${points}`).join(" · ")}</p>
  );
}

function Grouped({ question, all }: { question: QuestionBody; all: readonly AnswersBody[] }) {
  const right = rightOf(question.record?.outcome);
  return (
    <ul>
      {byAnswer(all, question).map(([answer, those]) => {
        const points = question.slots === 1 ? those[0]?.points : undefined;
        return (
          <li key={answer} className={styles.group} data-right={right.includes(answer) || undefined}>
            <Answer asks={question.asks} answer={answer} />
            <Pile people={those.map(({ player }) => personOf(player))} most={5} />
            <span className={styles.who}>
              {those.length === 0 ? (
                <Trans>Nobody said so</Trans>
              ) : (
                <Names players={those.map(({ player }) => player)} />
              )}
            </span>
            {points != null && (
              <span className={styles.gain} data-some={points > 0 || undefined}>
                {points > 0 ? `+${points}` : points}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Everybody's answers to a question that takes no more, side by side, what was right, and how that came. */
export function Everybody({ question }: { question: QuestionBody }) {
  const { slots, record, unopened, code } = question;
  const answers = useQuery(answersOptions(code));
  const { data: all } = answers;
  const known = record != null || all?.some(({ answers }) => answers.some((one) => one?.answer != null)) === true;
  return (
    <>
      {record?.outcome.status === "cancelled" && (
        <p>
          <Trans>This question was withdrawn: it gives no points.</Trans>
        </p>
      )}
      <Section
        title={<Trans>Everyone’s answers</Trans>}
        aside={unopened > 0 && <Plural value={unopened} one="# still hidden" other="# still hidden" />}
      >
        {all === undefined ? (
          <Unread of={[answers]} rows={3} height={56} />
        ) : known ? (
          <Card>
            <Grouped question={question} all={all} />
          </Card>
        ) : (
          <p className={styles.soft}>
            <Trans>Nobody’s answer can be seen yet.</Trans>
          </p>
        )}
        {slots > 1 && all !== undefined && <Gains all={all} />}
      </Section>
      <History of={question} />
    </>
  );
}
