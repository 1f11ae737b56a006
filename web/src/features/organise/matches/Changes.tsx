import { Plural, Trans } from "@lingui/react/macro";
import { useEffect, useEffectEvent, useState, type ReactNode } from "react";

import { Button } from "../../../design/Button";
import { Notice } from "../../../design/Notice";
import { Refusal } from "../../../identity/sending/Refusal";
import { Unreadable } from "../../../node/shape";
import { Garbled, Gone, Odd, Row, Section, SignThem, Told, Waits } from "./ChangeParts";
import { compare, type Compared } from "./compare";
import { Days } from "./Days";
import { Doubtful, Forbidden } from "./Difference";
import styles from "../Organise.module.css";
import { canSign, chosenAgain, isResult, saySame, tickedAnew, type Change } from "./reimport";
import { isSent, useSigning } from "./useSigning";

/** A comparison as it is shown. */
export interface Shown {
  compared: Compared;
  /** Keys of the changes that are to be signed. */
  ticked: ReadonlySet<string>;
  /** How often another one took the place of one that was shown. */
  again: number;
  /** Whether it took that place while something was to be signed. */
  late?: boolean;
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

interface Props {
  shown: Shown;
  account: string;
  show: (shown: Shown) => void;
  /** Takes a comparison of the same list that somebody has asked for. */
  take: (compared: Compared) => void;
  waits: boolean;
  /** Whether the node reads the list from the web, and proposes only results that are sure. */
  web?: boolean;
  /** The newest comparison. It is shown once nothing is being signed. */
  newest?: Compared;
}

/** Whether a comparison still has a change signed: one that was sent is in no block before. */
const isToSign = ({ changes }: Compared, of: string): boolean =>
  changes.some(({ key, verdict }) => key === of && verdict === "sign");

/** What a list changes, and what of that is signed. */
export function Changes({ shown, account, show, take, waits, web = false, newest }: Props) {
  const { plan, changes } = shown.compared;
  const seen = useSeen(shown.again > 0);
  const [ticked, setTicked] = useState(shown.ticked);
  const { become, signing } = useSigning(account, shown.compared, (compared) =>
    show({ compared, ticked: chosenAgain(compared.changes, changes, ticked), again: shown.again + 1, late: true }),
  );
  const comes = useEffectEvent((compared: Compared) => {
    const unread = changes.filter((change) => isSent(become, change)).some(({ key }) => isToSign(compared, key));
    if (unread || saySame(compared.changes, changes)) return;
    show({ compared, ticked: tickedAnew(compared.changes, changes, ticked), again: shown.again + 1 });
  });
  useEffect(() => {
    if (newest !== undefined && !signing.isPending) comes(newest);
  }, [newest, signing.isPending]);
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
  const { zone } = plan;
  const done = changes.filter((change) => isSent(become, change));
  const sent = done.length;
  const both = done.some(({ acts }) => acts.length > 1);
  return (
    <div className={styles.desk}>
      {shown.late === true && (
        <Notice look="soon">
          <Trans>
            The pool’s matches have changed in the meantime. This is what the list changes now. What differs from before
            is not ticked: check it, and tick what is right.
          </Trans>
        </Notice>
      )}
      {!web && <Told plan={plan} />}
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
      {changes.length === 0 && !web && (
        <Notice look="good">
          <Trans>The list matches the pool: nothing to change.</Trans>
        </Notice>
      )}
      {moves.length > 0 && (
        <Section
          title={<Trans>New and changed matches</Trans>}
          says={<Trans>Untick anything you don’t want to change.</Trans>}
        >
          {rows(moves)}
        </Section>
      )}
      {results.length > 0 && (
        <Section
          title={web ? <Trans>Results to confirm</Trans> : <Trans>Results in the list</Trans>}
          says={
            web ? (
              <Trans>Feeds can be wrong. Untick what you know is wrong.</Trans>
            ) : (
              <Trans>Lists can be wrong. Tick what you know is right.</Trans>
            )
          }
        >
          {rows(results)}
        </Section>
      )}
      {doubts.length > 0 && (
        <Section title={<Trans>Please check these</Trans>}>
          {rows(doubts, ({ doubt }) => doubt != null && <Doubtful doubt={doubt} />)}
        </Section>
      )}
      {signed.length > 0 && (
        <Section title={<Trans>Confirmed by you, waiting for other organisers</Trans>}>{rows(signed)}</Section>
      )}
      {stay.length > 0 && (
        <Section title={<Trans>These can’t be changed</Trans>} folded={web}>
          {rows(stay, (change) => (
            <Forbidden change={change} />
          ))}
        </Section>
      )}
      {!web && <Gone plan={plan} />}
      {signing.error instanceof Unreadable ? <Garbled /> : <Refusal error={signing.error} />}
      <div role="status">
        {sent > 0 && !signing.isPending && chosen.length === 0 && (
          <Notice look="good">
            <p>
              <Trans>Saved.</Trans> {waits && <Waits web={web} both={both} />}
            </p>
          </Notice>
        )}
      </div>
      {(chosen.length > 0 || signing.isPending) && (
        <div className={styles.bar}>
          <Button look="main" wide isDisabled={signing.isPending || !seen} onPress={() => signing.mutate(chosen)}>
            {signing.isPending ? (
              <Plural value={chosen.length} one="Saving… # to go" other="Saving… # to go" />
            ) : (
              <SignThem chosen={chosen} />
            )}
          </Button>
        </div>
      )}
    </div>
  );
}
