import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { Card, Section } from "../../../design/Card";
import { Sheet } from "../../../design/Sheet";
import { pointsSay } from "../../../identity/answers/answer";
import type { useOwnTips } from "../../../identity/drafts/ownTips";
import { usePassed } from "../../../node/clock";
import { moment, seconds } from "../../../words/time";
import { Opens, type Seal } from "../Opens";
import { Everybody } from "./Everybody";
import { Line } from "./Line";
import { Number } from "./Number";
import { Pick as Choose } from "./Pick";
import styles from "./Questions.module.css";
import type { Asked } from "./useAsked";

/** What is answered while it can be; nothing of others is shown before it closes. */
function Answering({ question: { asks }, ...rest }: Asked & { close: () => void }) {
  return asks.kind === "number" ? <Number asks={asks} {...rest} /> : <Choose asks={asks} {...rest} />;
}

const at_s = ({ question }: Asked): number => seconds(question.closes);

interface Props {
  asked: readonly Asked[];
  own: Pick<ReturnType<typeof useOwnTips>, "locked" | "lift">;
  /** Who reveals what is hidden, by numbers. */
  seals: ReadonlyMap<number, Seal> | undefined;
  plays: boolean;
}

/** What the pool asks besides its matches; nothing where it asks nothing. */
export function Questions({ asked, own: { locked, lift }, seals, plays }: Props) {
  const { t } = useLingui();
  const now_s = usePassed(asked.map(at_s));
  const [code, setCode] = useState<string>();
  const takes = (one: Asked): boolean => one.question.status === "open" && at_s(one) > now_s;
  const open = asked.filter(takes).sort((one, other) => at_s(one) - at_s(other));
  const closed = asked.filter((one) => !takes(one)).sort((one, other) => at_s(other) - at_s(one));
  const left = open.filter(({ own }) => plays && own.includes(undefined));
  const [next] = [...left, ...open];
  const at = next === undefined ? "" : moment(at_s(next), now_s);
  const shown = asked.find(({ question }) => question.code === code);
  const seal = shown && seals?.get(shown.question.no);
  const close = (): void => setCode(undefined);
  if (asked.length === 0) return null;
  return (
    <Section
      aria-label={t`Questions`}
      title={<Trans>Questions</Trans>}
      aside={
        next !== undefined && (
          <>
            {left.length > 0 && (
              <>
                <Plural value={left.length} one="# open" other="# open" /> ·{" "}
              </>
            )}
            <Trans>closes {at}</Trans>
          </>
        )
      }
    >
      <Card>
        <ul>
          {[...open, ...closed].map((one) => {
            const hidden = takes(one) && locked && !one.drafted && one.own.some((tip) => tip?.score === null);
            return (
              <Line
                key={one.question.code}
                {...one}
                open={takes(one)}
                plays={plays}
                press={hidden ? lift : () => setCode(one.question.code)}
              />
            );
          })}
        </ul>
      </Card>
      <Sheet title={shown?.question.text} open={shown !== undefined} close={close}>
        {shown !== undefined && (
          <>
            <p className={styles.soft}>{pointsSay(shown.question)}</p>
            {takes(shown) && seal !== undefined && (
              <p className={styles.soft}>
                <Opens {...seal} />
              </p>
            )}
            {takes(shown) ? <Answering {...shown} close={close} /> : <Everybody question={shown.question} />}
          </>
        )}
      </Sheet>
    </Section>
  );
}
