import { Trans } from "@lingui/react/macro";

import { Button } from "../../design/Button";
import { matchName } from "../../design/teams";
import { scheduled } from "../../identity/fixture";
import type { Ruling } from "../../identity/inBook";
import { Refusal } from "../../identity/Refusal";
import { useSend } from "../../identity/useSend";
import { useNow } from "../../node/clock";
import { moment, seconds } from "../../words/time";
import { changes } from "./fixture";
import styles from "./Organise.module.css";
import { signedBy, type Match } from "./outcome";
import { Signers, type WaitingPlan } from "./ToSign";

const when = (kickoff: string | null | undefined, now_s: number) =>
  kickoff == null ? <Trans>no date</Trans> : moment(seconds(kickoff), now_s);

/** The act that signs what others have signed of a schedule. */
function sameAct(vote: WaitingPlan, match: Match | undefined): Ruling | undefined {
  const seen = match === undefined ? [] : [scheduled(match)];
  if (vote.type === "schedule") return { act: { type: "schedule", fixture: scheduled(vote.fixture) }, seen };
  if (vote.type !== "day") return undefined;
  const day = vote.day == null ? null : { begins: seconds(vote.day.begins), ends: seconds(vote.day.ends) };
  return { act: { type: "day", match_no: vote.match.no, day }, seen };
}

function Change({ vote, match }: { vote: WaitingPlan; match: Match | undefined }) {
  const now_s = useNow(60);
  if (vote.type === "day") {
    const { code } = vote.match;
    const day = vote.day == null ? undefined : moment(seconds(vote.day.begins), now_s);
    return (
      <p>
        {day === undefined ? (
          <Trans>{code}: no day</Trans>
        ) : (
          <Trans>
            {code}: the day that begins {day}
          </Trans>
        )}
      </p>
    );
  }
  if (vote.type !== "schedule") return null;
  const after = vote.fixture;
  const written = ({ home, away }: typeof after): string => `${home.name} – ${away.name}`;
  // Two ways to write a nation are one name to the reader.
  const call = match !== undefined && matchName(match) === matchName(after) ? written : matchName;
  const differs = match === undefined ? (["teams", "kickoff", "stage", "code"] as const) : changes(match, after);
  return (
    <div>
      {differs.includes("teams") ? (
        <p>
          {match !== undefined && <s className={styles.was}>{call(match)}</s>} <strong>{call(after)}</strong>
        </p>
      ) : (
        <p>{matchName(after)}</p>
      )}
      {differs.includes("kickoff") && (
        <p>
          {match !== undefined && <s className={styles.was}>{when(match.kickoff, now_s)}</s>}{" "}
          <strong>{when(after.kickoff, now_s)}</strong>
        </p>
      )}
      {differs.includes("stage") && <p>{after.stage}</p>}
      {differs.includes("code") && <p>{after.code}</p>}
    </div>
  );
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
  const sending = useSend();
  if (votes.length === 0) return null;
  return (
    <section className={styles.section}>
      <h2 className={styles.title}>
        <Trans>Wait for signatures</Trans>
      </h2>
      <ul className={styles.rows}>
        {votes.map((vote) => {
          const match = matches.find(({ no }) => no === vote.match.no);
          const act = sameAct(vote, match);
          return (
            <li key={vote.id} className={styles.card}>
              <Change vote={vote} match={match} />
              <Signers vote={vote} />
              {act !== undefined && vote.signable && !signedBy(vote.signers, account) && (
                <div className={styles.doing}>
                  <Button look="main" isDisabled={sending.isPending} onPress={() => sending.mutate(act)}>
                    <Trans>Sign the same</Trans>
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
