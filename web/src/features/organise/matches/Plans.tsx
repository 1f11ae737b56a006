import { Trans } from "@lingui/react/macro";

import { Section } from "../../../design/Card";
import { matchName } from "../../../design/teams";
import { Difference } from "./Difference";
import styles from "../Organise.module.css";
import { alike, type Match, type WaitingPlan } from "../outcome";
import { stepOf } from "./reimport";
import { NotKnown } from "../NotKnown";
import { Vote } from "../Vote";

/** What a schedule that waits for signatures would change, and what another signs with it. */
function read(vote: WaitingPlan, matches: readonly Match[]) {
  const match = matches.find(({ no }) => no === vote.about.no);
  const step = stepOf(vote, match, matches);
  return { match, parts: step?.parts, office: step && alike(vote, match, step.act) };
}

/** Schedules that wait for signatures, with what each would change. */
export function Plans({
  votes,
  matches,
  account,
}: {
  votes: WaitingPlan[];
  matches: readonly Match[];
  account: string;
}) {
  if (votes.length === 0) return null;
  return (
    <Section className={styles.section} title={<Trans>Changes to confirm</Trans>}>
      <ul className={styles.rows}>
        {votes.map((vote) => {
          const { match, parts, office } = read(vote, matches);
          const fixture = match ?? (vote.type === "schedule" ? vote.fixture : undefined);
          return (
            <Vote key={vote.id} vote={vote} account={account} office={office}>
              <p>{fixture === undefined ? vote.about.code : matchName(fixture)}</p>
              {parts === undefined ? (
                <NotKnown />
              ) : (
                parts.map((part) => <Difference key={part.is} part={part} of={match} />)
              )}
            </Vote>
          );
        })}
      </ul>
    </Section>
  );
}
