import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Section } from "../../../design/Card";
import { Pill } from "../../../design/Pill";
import silent from "../../../design/Silent.module.css";
import { answer, useObjected, type Objection } from "../../../identity/assent/objections";
import { Refusal } from "../../../identity/sending/Refusal";
import { useOffice } from "../../../identity/sending/useSend";
import { usePool } from "../../../node/queries";
import { nameOf } from "../me";
import styles from "../Organise.module.css";
import { signedBy, type Match, type WaitingResult } from "../outcome";
import { Correct } from "./Correct";
import { Objected } from "./Objected";
import { Entry } from "./Entry";

interface Props {
  votes: readonly WaitingResult[];
  matches: readonly Match[];
  account: string;
}

function HowMany({ objections, entries }: { objections: number; entries: number }) {
  if (objections === 0) return <Plural value={entries} one="# to confirm" other="# to confirm" />;
  if (entries === 0) return <Plural value={objections} one="# objection" other="# objections" />;
  return <>{objections + entries}</>;
}

/** What waits for this organiser, and what he or she has done that waits for the others. */
export function Needs({ votes, matches, account }: Props) {
  const { id } = usePool();
  const sending = useOffice();
  const [correcting, setCorrecting] = useState<Match>();
  const [kept, setKept] = useState<Objection>();
  const objections = useObjected(id, matches).filter(({ answered }) => !answered);
  const entries = votes.flatMap((vote) => {
    const match = matches.find(({ no }) => no === vote.about.no);
    return match === undefined ? [] : [{ vote, match, mine: !signedBy(vote.signers, account) && vote.signable }];
  });
  const mine = entries.filter((entry) => entry.mine);
  const others = entries.filter((entry) => !entry.mine);
  const name = kept === undefined ? "" : nameOf(kept.player);
  const row = ({ vote, match }: (typeof entries)[number]) => (
    <li key={vote.id}>
      <Entry
        vote={vote}
        match={match}
        account={account}
        sign={(office) => sending.mutate(office)}
        correct={() => setCorrecting(match)}
        busy={sending.isPending}
      />
    </li>
  );
  return (
    <>
      {objections.length + mine.length > 0 && (
        <Section
          title={<Trans>Needs you</Trans>}
          aside={
            <Pill look="hot">
              <HowMany objections={objections.length} entries={mine.length} />
            </Pill>
          }
        >
          <ul className={styles.rows}>
            {objections.map((objection) => (
              <li key={`${objection.match.code}/${objection.player.account}`}>
                <Objected
                  objection={objection}
                  keep={() => {
                    answer(id, objection);
                    setKept(objection);
                  }}
                  correct={() => setCorrecting(objection.match)}
                />
              </li>
            ))}
            {mine.map(row)}
          </ul>
        </Section>
      )}
      <p role="status" className={kept === undefined ? silent.silent : styles.soft}>
        {kept !== undefined && <Trans>The result stays. {name}’s objection can still be seen on the match page.</Trans>}
      </p>
      {others.length > 0 && (
        <Section title={<Trans>Waiting for other organisers</Trans>}>
          <ul className={styles.rows}>{others.map(row)}</ul>
        </Section>
      )}
      <Refusal error={sending.error} />
      <Correct match={correcting} close={() => setCorrecting(undefined)} />
    </>
  );
}
