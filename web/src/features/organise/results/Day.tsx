import { Plural, Trans } from "@lingui/react/macro";
import { useEffect, useState, type ReactNode } from "react";

import { Button } from "../../../design/Button";
import { Card, Section } from "../../../design/Card";
import { Notice } from "../../../design/Notice";
import { Refusal } from "../../../identity/sending/Refusal";
import { usePool } from "../../../node/queries";
import { useNow } from "../../../node/clock";
import { daysBetween, seconds } from "../../../words/time";
import styles from "../Organise.module.css";
import { isEarly, type Match } from "../outcome";
import { Finished } from "./Finished";
import { ResultRow } from "./ResultRow";
import { Saved } from "./Saved";
import { signed, type } from "./typed";
import { useConfirm } from "./useConfirm";
import type { Line } from "./useLines";
import type { Proposed } from "./useProposed";

/** So long what has just come stays unconfirmed: a second press was meant for what stood there before. */
const SEEN_MS = 1_000;

/** Whether what stands there was there long enough to be seen. */
function useSeen(what: string): boolean {
  const [seen, setSeen] = useState(what);
  useEffect(() => {
    if (seen === what) return undefined;
    const timer = setTimeout(() => setSeen(what), SEEN_MS);
    return () => clearTimeout(timer);
  }, [seen, what]);
  return seen === what;
}

const isOf = ({ kickoff }: Match, now_s: number): boolean =>
  kickoff != null && daysBetween(seconds(kickoff), now_s) === 0;

interface Props {
  lines: readonly Line[];
  tick: (line: Line, on: boolean) => void;
  look: Proposed["look"];
  account: string;
  /** Whether other organisers must confirm what this one has. */
  waits: boolean;
}

/** The results of the day in one form, and those that lack from before. */
export function Day({ lines, tick, look, account, waits }: Props) {
  const { id } = usePool();
  const now_s = useNow(60);
  const confirm = useConfirm(look);
  const [asks, setAsks] = useState(false);
  const seen = useSeen(JSON.stringify(lines.map(({ match, proposed }) => [match.code, proposed?.outcome ?? null])));
  const chosen = lines.filter(({ on, sent }) => on && sent === undefined);
  const early = chosen.filter(({ how, draft }) => isEarly(how, draft));
  const count = chosen.length;
  const save = (): void => {
    setAsks(false);
    const drafts = Object.fromEntries(chosen.map(({ match, draft }) => [match.code, draft]));
    confirm.mutate(chosen, { onSuccess: (became) => became === "saved" && signed(id, drafts) });
  };
  const section = (title: ReactNode, some: readonly Line[]) =>
    some.length > 0 && (
      <Section
        title={title}
        aside={some.some(({ proposed }) => proposed !== undefined) && <Trans>from the score feed</Trans>}
      >
        <Card>
          <ul>
            {some.map((line) => (
              <ResultRow
                key={line.match.code}
                line={line}
                change={(draft) => type(id, line.match.code, draft)}
                tick={(on) => tick(line, on)}
                account={account}
              />
            ))}
          </ul>
        </Card>
      </Section>
    );
  const today = lines.filter(({ match, how }) => how === "playing" || isOf(match, now_s));
  return (
    <form
      className={styles.day}
      onSubmit={(event) => {
        event.preventDefault();
        if (count === 0 || !seen || confirm.isPending) return;
        if (early.length > 0) setAsks(true);
        else save();
      }}
    >
      {section(
        <Trans>Results of today</Trans>,
        [...today].sort((one, other) => Number(one.how === "playing") - Number(other.how === "playing")),
      )}
      {section(
        <Trans>Results to enter</Trans>,
        lines.filter((line) => !today.includes(line)),
      )}
      {lines.length > 0 && (
        <p className={styles.hint}>
          <Trans>Friends can still object after you confirm.</Trans>
        </p>
      )}
      {confirm.data === "changed" && (
        <Notice look="soon">
          <Trans>The score feed has changed in the meantime. Check the scores, then confirm again.</Trans>
        </Notice>
      )}
      <Refusal error={confirm.error} />
      {count > 0 && (
        <div className={styles.bar}>
          <Button type="submit" look="main" wide isDisabled={!seen || confirm.isPending}>
            <Plural value={count} one="Confirm # result" other="Confirm # results" />
          </Button>
        </div>
      )}
      <div role="status" className={styles.bar}>
        {confirm.data === "saved" && count === 0 && <Saved waits={waits} over={() => confirm.reset()} />}
      </div>
      <Finished matches={asks ? early.map(({ match }) => match) : []} yes={save} no={() => setAsks(false)} />
    </form>
  );
}
