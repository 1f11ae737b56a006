// The pieces of which a comparison is made.

import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { UNNAMED } from "../../../design/MatchSource";
import { Notice } from "../../../design/Notice";
import { Refusal } from "../../../identity/sending/Refusal";
import { Difference, nameOfChange, useNames } from "./Difference";
import styles from "../Organise.module.css";
import type { Plan } from "./plan";
import { isResult, type Change } from "./reimport";
import { Sent } from "./Sent";
import { isSent, type Becomes } from "./useSigning";

/** One match: what the list says of it, and whether that is to be signed. */
export function Row({
  change,
  become,
  tick,
  children,
}: {
  change: Change;
  become: Becomes;
  tick: { on: boolean; set: (on: boolean) => void; isDisabled: boolean } | undefined;
  children?: ReactNode;
}) {
  const name = nameOfChange(change);
  const sent = isSent(become, change);
  const last = become.get(change.key)?.at(-1);
  return (
    <li className={styles.card}>
      {tick === undefined || sent ? (
        <div className={styles.foot}>
          <strong>{name}</strong>
          {sent && typeof last === "string" && <Sent id={last} />}
        </div>
      ) : (
        <label className={styles.tick}>
          <input
            type="checkbox"
            checked={tick.on}
            disabled={tick.isDisabled}
            onChange={(event) => tick.set(event.target.checked)}
          />
          <strong>{name}</strong>
        </label>
      )}
      {change.steps.map(({ parts }, at) => {
        const became = become.get(change.key)?.[at];
        return (
          <div key={at}>
            {parts.map((part) => (
              <Difference key={part.is} part={part} of={change.before} />
            ))}
            {typeof became === "string" && !sent && <Sent id={became} />}
            {became instanceof Error && <Refusal error={became} />}
          </div>
        );
      })}
      {children !== undefined && <p className={styles.soft}>{children}</p>}
    </li>
  );
}

interface SectionProps {
  title: ReactNode;
  says?: ReactNode;
  /** Whether only its title is in sight. */
  folded?: boolean;
  children: ReactNode;
}

export function Section({ title, says, folded = false, children }: SectionProps) {
  if (folded)
    return (
      <details className={styles.folded}>
        <summary>{title}</summary>
        {children}
      </details>
    );
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>{title}</h3>
      {says !== undefined && <p className={styles.soft}>{says}</p>}
      {children}
    </section>
  );
}

/** The pool's computer answers something that is no comparison. */
export function Garbled() {
  return (
    <Notice look="bad">
      <Trans>
        This page can’t read the pool computer’s answer. Its program may be a different version, or not honest. Nothing
        was saved. Update the program and try again.
      </Trans>
    </Notice>
  );
}

/** What is odd about the list itself. */
export function Odd({ plan }: { plan: Plan }) {
  const { warnings, left_out } = plan;
  if (warnings.length + left_out.length === 0) return null;
  return (
    <Notice look="soon">
      <p>
        <Trans>Something looks wrong with this list:</Trans>
      </p>
      <ul className={styles.sentences}>
        {warnings.map((warning) => (
          <li key={warning} lang="en">
            {warning}
          </li>
        ))}
        {left_out.map((entry) => (
          <li key={entry}>
            <Trans>Not a match, so it was skipped: “{entry}”.</Trans>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** What a list of some matches is called, and how many it has of the pool. */
export function Told({ plan: { name, matches, known } }: { plan: Plan }) {
  return (
    <p>
      {name === UNNAMED ? (
        <Plural value={matches} one="# match on the list," other="# matches on the list," />
      ) : (
        <Plural value={matches} one={`“${name}”: # match,`} other={`“${name}”: # matches,`} />
      )}{" "}
      <Plural value={known} one="# of them in this pool." other="# of them in this pool." />
    </p>
  );
}

/** Matches of the pool that a list does not have. */
export function Gone({ plan: { not_in_file: gone } }: { plan: Plan }) {
  const names = useNames();
  if (gone.length === 0) return null;
  const others = gone.map(names).join(", ");
  return (
    <p className={styles.soft}>
      <Plural
        value={gone.length}
        one={`# match in the pool is not on the list and stays as it is: ${others}`}
        other={`# matches in the pool are not on the list and stay as they are: ${others}`}
      />
    </p>
  );
}

/** Why something that was signed does not count yet. */
export function Waits({ web, both }: { web: boolean; both: boolean }) {
  return (
    <>
      {web ? (
        <Trans>It counts as soon as enough organisers have confirmed it.</Trans>
      ) : (
        <Trans>
          It counts once enough organisers have confirmed it: the others can read the same list here, or confirm it
          above.
        </Trans>
      )}{" "}
      {both && (
        <Trans>
          If you changed both the teams and the day of a match, the second change has to be confirmed again after the
          first one counts: read the list once more then.
        </Trans>
      )}
    </>
  );
}

/** The words of the one button. */
export function SignThem({ chosen }: { chosen: readonly Change[] }) {
  const count = chosen.length;
  if (chosen.every(isResult)) return <Plural value={count} one="Confirm # result" other="Confirm # results" />;
  return <Plural value={count} one="Save # change" other="Save # changes" />;
}
