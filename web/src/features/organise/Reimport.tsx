import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState, type ReactNode } from "react";

import { Button } from "../../design/Button";
import { MatchSource, UNNAMED } from "../../design/MatchSource";
import { Notice } from "../../design/Notice";
import { Refusal } from "../../identity/sending/Refusal";
import { isProblem } from "../../node/client";
import { Unreadable } from "../../node/shape";
import { compare, type Compared } from "./compare";
import { Days } from "./Days";
import { Difference, Doubtful, Forbidden, nameOfChange, useNames } from "./Difference";
import styles from "./Organise.module.css";
import { signedBy, type Waiting } from "./outcome";
import type { Plan } from "./plan";
import { canSign, chosenAgain, isResult, usual, type Change } from "./reimport";
import { Sent } from "./Sent";
import { isSent, useSigning, type Becomes } from "./useSigning";

/** A comparison as it is shown. */
interface Shown {
  compared: Compared;
  /** Keys of the changes that are to be signed. */
  ticked: ReadonlySet<string>;
  /** How often the pool has changed under one that was shown. */
  again: number;
}

/** One match: what the list says of it, and whether that is to be signed. */
function Row({
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

function Section({ title, says, children }: { title: ReactNode; says?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>{title}</h3>
      {says !== undefined && <p className={styles.soft}>{says}</p>}
      {children}
    </section>
  );
}

/** The pool's computer answers something that is no comparison. */
function Garbled() {
  return (
    <Notice look="bad">
      <Trans>
        This page cannot read what the pool’s computer answers: its program may be of another version, or not honest.
        Nothing of that is signed.
      </Trans>
    </Notice>
  );
}

/** What is odd about the list itself. */
function Odd({ plan }: { plan: Plan }) {
  const { warnings, left_out } = plan;
  if (warnings.length + left_out.length === 0) return null;
  return (
    <Notice look="soon">
      <p>
        <Trans>Odd about this list:</Trans>
      </p>
      <ul className={styles.sentences}>
        {warnings.map((warning) => (
          <li key={warning} lang="en">
            {warning}
          </li>
        ))}
        {left_out.map((entry) => (
          <li key={entry}>
            <Trans>No match, and left out: “{entry}”.</Trans>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** So long a difference that has just come stays unsigned: a second press was meant for the one before. */
const SEEN_MS = 1_000;

/** Whether what has come by itself was there long enough to be seen. */
function useSeen(byItself: boolean): boolean {
  const [seen, setSeen] = useState(!byItself);
  useEffect(() => {
    if (seen) return undefined;
    const timer = setTimeout(() => setSeen(true), SEEN_MS);
    return () => clearTimeout(timer);
  }, [seen]);
  return seen;
}

function Changes({
  shown,
  account,
  show,
  take,
  waits,
}: {
  shown: Shown;
  account: string;
  show: (shown: Shown) => void;
  /** Takes a comparison of the same list that somebody has asked for. */
  take: (compared: Compared) => void;
  waits: boolean;
}) {
  const { plan, changes } = shown.compared;
  const seen = useSeen(shown.again > 0);
  const [ticked, setTicked] = useState(shown.ticked);
  const { become, signing } = useSigning(account, shown.compared, (compared) =>
    show({ compared, ticked: chosenAgain(compared.changes, changes, ticked), again: shown.again + 1 }),
  );
  const chosen = changes.filter((change) => ticked.has(change.key) && !isSent(become, change));
  const signable = changes.filter((change) => canSign(change) && change.verdict === "sign");
  const row = (change: Change, why?: ReactNode) => (
    <Row
      key={change.key}
      change={change}
      become={become}
      tick={
        canSign(change)
          ? {
              on: ticked.has(change.key),
              set: (on) =>
                setTicked((before) => {
                  const after = new Set(before);
                  if (on) after.add(change.key);
                  else after.delete(change.key);
                  return after;
                }),
              isDisabled: signing.isPending,
            }
          : undefined
      }
    >
      {why}
    </Row>
  );
  const rows = (some: Change[], why?: (change: Change) => ReactNode) => (
    <ul className={styles.rows}>{some.map((change) => row(change, why?.(change)))}</ul>
  );
  const moves = signable.filter((change) => !isResult(change));
  const results = signable.filter(isResult);
  const doubts = changes.filter(({ verdict }) => verdict === "doubt");
  const signed = changes.filter(({ verdict }) => verdict === "signed");
  const stay = changes.filter(({ verdict }) => verdict === "refused" || verdict === "strange");
  const { name, matches, known, zone } = plan;
  const gone = plan.not_in_file;
  const names = useNames();
  const others = gone.map(names).join(", ");
  const done = changes.filter((change) => isSent(become, change));
  const sent = done.length;
  const both = done.some(({ acts }) => acts.length > 1);
  return (
    <div className={styles.desk}>
      {shown.again > 0 && (
        <Notice look="soon">
          <Trans>
            The pool’s matches have changed meanwhile. This is what the list changes now. What is other than before is
            not ticked: look at it, and tick what is right.
          </Trans>
        </Notice>
      )}
      <p>
        {name === UNNAMED ? (
          <Plural value={matches} one="# match in the list," other="# matches in the list," />
        ) : (
          <Plural value={matches} one={`“${name}”: # match,`} other={`“${name}”: # matches,`} />
        )}{" "}
        <Plural value={known} one="# of them in this pool." other="# of them in this pool." />
      </p>
      <Odd plan={plan} />
      {zone != null && (
        <Days
          zone={zone}
          read={async (other) => {
            const { source, anyway } = shown.compared;
            take(await compare({ ...source, zone: other }, account, anyway));
          }}
        />
      )}
      {changes.length === 0 && (
        <Notice look="good">
          <Trans>The list says what the pool says: nothing changes.</Trans>
        </Notice>
      )}
      {moves.length > 0 && (
        <Section title={<Trans>New, moved, filled in</Trans>} says={<Trans>Untick what is not to be signed.</Trans>}>
          {rows(moves)}
        </Section>
      )}
      {results.length > 0 && (
        <Section
          title={<Trans>Results in the list</Trans>}
          says={<Trans>Lists err. Tick what you know to be right.</Trans>}
        >
          {rows(results)}
        </Section>
      )}
      {doubts.length > 0 && (
        <Section title={<Trans>Look at these yourself</Trans>}>
          {rows(doubts, ({ doubt }) => doubt != null && <Doubtful doubt={doubt} />)}
        </Section>
      )}
      {signed.length > 0 && (
        <Section title={<Trans>Signed by you, not yet by enough others</Trans>}>{rows(signed)}</Section>
      )}
      {stay.length > 0 && (
        <Section title={<Trans>These stay as they are</Trans>}>
          {rows(stay, (change) => (
            <Forbidden change={change} />
          ))}
        </Section>
      )}
      {gone.length > 0 && (
        <p className={styles.soft}>
          <Plural
            value={gone.length}
            one={`# match of the pool is not in the list, and stays: ${others}`}
            other={`# matches of the pool are not in the list, and stay: ${others}`}
          />
        </p>
      )}
      {signing.error instanceof Unreadable ? <Garbled /> : <Refusal error={signing.error} />}
      <div role="status">
        {sent > 0 && !signing.isPending && chosen.length === 0 && (
          <Notice look="good">
            <p>
              <Trans>Signed. Thank you.</Trans>{" "}
              {waits && (
                <Trans>
                  It counts once enough organisers have signed the same: the others read the same list here, or sign it
                  above.
                </Trans>
              )}{" "}
              {waits && both && (
                <Trans>
                  Where you signed the teams and the day of one match, what counts first asks for the other’s signatures
                  again: then read the list once more.
                </Trans>
              )}
            </p>
          </Notice>
        )}
      </div>
      {(chosen.length > 0 || signing.isPending) && (
        <div className={styles.bar}>
          <Button look="main" wide isDisabled={signing.isPending || !seen} onPress={() => signing.mutate(chosen)}>
            {signing.isPending ? (
              <Plural value={chosen.length} one="Signing: # to go" other="Signing: # to go" />
            ) : (
              <Plural value={chosen.length} one="Sign # change" other="Sign # changes" />
            )}
          </Button>
        </div>
      )}
    </div>
  );
}

/** A newer list of the matches: what it changes, and what of that is signed. */
export function Reimport({ votes, account, close }: { votes: readonly Waiting[]; account: string; close: () => void }) {
  const { t } = useLingui();
  const [shown, setShown] = useState<Shown>();
  const take = (compared: Compared): void =>
    setShown({ compared, ticked: new Set(compared.changes.filter(usual).map(({ key }) => key)), again: 0 });
  const refused = (error: unknown, again: () => void): ReactNode =>
    error instanceof Unreadable ? (
      <Garbled />
    ) : isProblem(error) && error.code === "other-competition" ? (
      <Notice look="soon">
        <p>
          <Trans>
            Few of its matches have this pool’s teams: it seems to be the list of another competition, or an old one.
          </Trans>
        </p>
        <Button onPress={again}>
          <Trans>Compare it all the same</Trans>
        </Button>
      </Notice>
    ) : isProblem(error) && error.status === 413 ? (
      <Notice look="bad">
        <Trans>This file is too long. Choose one of less than a megabyte, with the matches alone.</Trans>
      </Notice>
    ) : undefined;
  return (
    <section className={styles.section}>
      <h2 className={styles.title}>
        <Trans>A newer list</Trans>
      </h2>
      {shown === undefined ? (
        <>
          <p className={styles.soft}>
            <Trans>It is compared with the pool’s matches. Nothing changes before you sign.</Trans>
          </p>
          <MatchSource
            label={t`Where is the list?`}
            places={["file", "text"]}
            // Two organisers in two zones sign the same only if they say the same.
            zone=""
            read={(source, anyway) => compare(source, account, anyway)}
            take={take}
            refused={refused}
          />
        </>
      ) : (
        <Changes
          key={`${shown.again} ${shown.compared.plan.zone}`}
          shown={shown}
          account={account}
          show={setShown}
          take={take}
          waits={votes.some(({ signers }) => signedBy(signers, account))}
        />
      )}
      <div className={styles.doing}>
        {shown !== undefined && (
          <Button onPress={() => setShown(undefined)}>
            <Trans>Another list</Trans>
          </Button>
        )}
        <Button look="quiet" onPress={close}>
          <Trans>Back to the matches</Trans>
        </Button>
      </div>
    </section>
  );
}
