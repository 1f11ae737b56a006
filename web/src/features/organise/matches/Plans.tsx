import { Trans } from "@lingui/react/macro";

import { Button } from "../../../design/Button";
import { matchName } from "../../../design/teams";
import { scheduled } from "../../../identity/assent/acts";
import { Refusal } from "../../../identity/sending/Refusal";
import { ofVotes } from "../../../identity/assent/reported";
import { useOffice } from "../../../identity/sending/useSend";
import { Difference } from "./Difference";
import styles from "../Organise.module.css";
import { signedBy, type Match, type WaitingPlan } from "../outcome";
import { stepOf } from "./reimport";
import { NotKnown } from "../NotKnown";
import { Signers } from "../Signers";

/** What a schedule that waits for signatures would change, and what another signs with it. */
function read(vote: WaitingPlan, matches: readonly Match[]) {
  const match = matches.find(({ no }) => no === vote.match.no);
  const step = stepOf(vote, match, matches);
  const office = step && {
    act: step.act,
    seen: [...(match === undefined ? [] : [scheduled(match)]), ...ofVotes([vote])],
  };
  return { match, parts: step?.parts, office };
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
  const sending = useOffice();
  if (votes.length === 0) return null;
  return (
    <section className={styles.section}>
      <h2 className={styles.title}>
        <Trans>Changes to confirm</Trans>
      </h2>
      <ul className={styles.rows}>
        {votes.map((vote) => {
          const { match, parts, office } = read(vote, matches);
          const fixture = match ?? (vote.type === "schedule" ? vote.fixture : undefined);
          return (
            <li key={vote.id} className={styles.card}>
              <p>{fixture === undefined ? vote.match.code : matchName(fixture)}</p>
              {parts === undefined ? (
                <NotKnown />
              ) : (
                parts.map((part) => <Difference key={part.is} part={part} of={match} />)
              )}
              <Signers vote={vote} />
              {office !== undefined && vote.signable && !signedBy(vote.signers, account) && (
                <div className={styles.doing}>
                  <Button look="main" isDisabled={sending.isPending} onPress={() => sending.mutate(office)}>
                    <Trans>Confirm it</Trans>
                  </Button>
                </div>
              )}
            </li>
          );
        })}
      </ul>
      <Refusal error={sending.error} />
    </section>
  );
}
