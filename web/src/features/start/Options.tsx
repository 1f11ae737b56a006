import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Choice } from "../../design/Choice";
import { ChoiceExtras } from "../../extras";
import type { Rules, Viewers } from "./first";
import { Confirms } from "./InShort";
import { PointsChoice } from "./PointsChoice";
import { Proposals } from "./Proposals";
import styles from "./Start.module.css";
import { pointsOf } from "./ways";

/** A question with what follows from the answer. */
function Question({ children, follows }: { children: ReactNode; follows: ReactNode }) {
  return (
    <section className={styles.question}>
      {children}
      <p className={styles.soft}>{follows}</p>
    </section>
  );
}

interface Props {
  /** The rounds of the matches. */
  rounds: readonly string[];
  schemes: readonly string[];
  rules: Rules;
  change: (rules: Rules) => void;
  viewers: Viewers;
  show: (to: Viewers) => void;
  /** Whether results are to be proposed; `undefined` where nobody could. */
  proposes: boolean | undefined;
  propose: (on: boolean) => void;
}

/** Everything that has a usual answer. */
export function Options({ rounds, schemes, rules, change, viewers, show, proposes, propose }: Props) {
  const { t } = useLingui();
  const points = pointsOf(rules);
  return (
    <div className={styles.options}>
      {proposes !== undefined && <Proposals on={proposes} turn={propose} />}
      <PointsChoice schemes={schemes} rounds={rounds} rules={rules} change={change} />
      <ChoiceExtras
        rounds={rounds}
        features={rules.features ?? {}}
        change={(features) => change({ ...rules, features })}
        tieBreaks={rules.tie_breaks ?? points?.tieBreaks}
        separateBy={(tie_breaks) => change({ ...rules, tie_breaks })}
        settled={points?.settles}
        Question={Question}
      />
      <Question
        follows={
          rules.membership === "invite" ? (
            <Trans>Anyone you give a link to. Links expire, and you can see who joined with which one.</Trans>
          ) : (
            <Trans>Anyone who can reach this computer, with or without a link.</Trans>
          )
        }
      >
        <Choice
          label={t`Who can join?`}
          value={rules.membership}
          choose={(membership) => change({ ...rules, membership })}
          choices={[
            { value: "invite", says: <Trans>My friends</Trans> },
            { value: "open", says: <Trans>Anyone</Trans> },
          ]}
        />
      </Question>
      <Question
        follows={
          viewers === "players" ? (
            <Trans>Everyone else only sees the page for joining.</Trans>
          ) : (
            <Trans>Anyone who has the address can read the table and all revealed tips.</Trans>
          )
        }
      >
        <Choice
          label={t`Who can look?`}
          value={viewers}
          choose={show}
          choices={[
            { value: "everybody", says: <Trans>Everybody with the address</Trans> },
            { value: "players", says: <Trans>Only players</Trans> },
          ]}
        />
      </Question>
      <Question
        follows={
          rules.tips === "sealed" ? (
            <Trans>
              All tips are revealed together at kick-off. Until two more computers share the work, this computer could
              technically read tips early.
            </Trans>
          ) : (
            <Trans>Everyone sees every tip right away, and can copy it.</Trans>
          )
        }
      >
        <Choice
          label={t`Hide tips until kick-off?`}
          value={rules.tips}
          choose={(tips) => change({ ...rules, tips })}
          choices={[
            { value: "sealed", says: <Trans>Yes, hide them</Trans> },
            { value: "open", says: <Trans>No, show them</Trans> },
          ]}
        />
      </Question>
      <Question follows={<Confirms by={rules.consensus} />}>
        <Choice
          label={t`Is this computer always on?`}
          value={rules.consensus}
          choose={(consensus) => change({ ...rules, consensus })}
          choices={[
            { value: "pos", says: <Trans>Yes</Trans> },
            { value: "hybrid", says: <Trans>No</Trans> },
          ]}
        />
      </Question>
    </div>
  );
}
