import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { FoldIcon, PlusIcon } from "../../../design/icons";
import { answerNames, rightOf } from "../../../identity/answers/answer";
import { Answer } from "../../../sentences/Answer";
import line from "../Line.module.css";
import { Sign } from "../Sign";
import styles from "./Questions.module.css";
import type { Asked } from "./useAsked";

interface Props extends Asked {
  /** Whether it takes answers. */
  open: boolean;
  plays: boolean;
  press: () => void;
}

const given = (written: Asked["written"]): number[] => written.filter((answer) => answer !== undefined);

/** What a row says of itself to who does not see it. */
function useSays({ question: { text, asks }, written, own, drafted, open }: Props): string {
  const { t } = useLingui();
  const answers = answerNames(asks, given(written));
  if (!open) return t`${text}: everyone’s answers`;
  if (drafted) return t`${text}: your draft ${answers}, not sent; change`;
  if (own.every((tip) => tip === undefined)) return t`${text}: no answer yet; add`;
  return answers === ""
    ? t`${text}: your answer is hidden; unlock to change`
    : t`${text}: your answer ${answers}; change`;
}

/** What is answered, or what was right. */
function Value({ question, written, own, open, plays }: Props): ReactNode {
  const right = rightOf(question.record?.outcome);
  const shown = right.length > 0 ? right : given(written);
  if (shown.length === 0) {
    if (own.some((tip) => tip !== undefined)) return <FoldIcon size={20} />;
    return open && plays ? (
      <span className={line.add}>
        <PlusIcon size={20} />
      </span>
    ) : null;
  }
  return (
    <span className={styles.value} data-right={right.length > 0 || undefined}>
      {shown.slice(0, 4).map((answer, at) => (
        <Answer key={at} asks={question.asks} answer={answer} small={question.slots > 1} />
      ))}
      {shown.length > 4 && `+${shown.length - 4}`}
    </span>
  );
}

/** How sure the least sure answer is, or what they gave. */
function End({ own, drafted, points }: Props): ReactNode {
  const states = own.flatMap((tip) => tip?.state ?? []);
  if (points === undefined)
    return (
      <Sign
        drafted={drafted}
        state={states.find((state) => state === "late") ?? states.find((state) => state !== "stamped") ?? states[0]}
      />
    );
  return (
    <span className={line.points} data-right={points > 0 || undefined}>
      {points > 0 ? `+${points}` : points}
    </span>
  );
}

/** Under the question: how many of several are picked, how many have answered, or that it gives nothing. */
function Under({ question: { slots, answered, record }, written, open }: Props): ReactNode {
  const picked = given(written).length;
  if (open && (picked === 0 || picked === slots)) return null;
  if (open)
    return (
      <Trans>
        {picked} of {slots} picked
      </Trans>
    );
  if (record?.outcome.status === "cancelled") return <Trans>Withdrawn</Trans>;
  return <Plural value={answered} one="# answer" other="# answers" />;
}

/** A question in one line. */
export function Line(props: Props) {
  const says = useSays(props);
  const pressed = props.plays || !props.open;
  return (
    <li className={line.row}>
      <div className={line.press}>
        <div className={styles.line} aria-hidden={pressed || undefined}>
          <span className={styles.text}>
            {props.question.text}
            <small>
              <Under {...props} />
            </small>
          </span>
          <span className={styles.middle}>
            <Value {...props} />
          </span>
          <span className={line.end}>
            <End {...props} />
          </span>
        </div>
        {pressed && <button type="button" className={line.whole} aria-label={says} onClick={props.press} />}
      </div>
    </li>
  );
}
