import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Team } from "../../design/teams";
import type { ReportedAdminAction } from "../../identity/assent/onChain";
import { useNow } from "../../node/clock";
import { Rest, Score } from "../../sentences/Outcome";
import { moment, seconds } from "../../words/time";
import { Correct } from "./Correct";
import { nameOf } from "./me";
import { NotKnown } from "./NotKnown";
import styles from "./Organise.module.css";
import { sameResult, signedBy, type Match, type Waiting } from "./outcome";

export type WaitingResult = Extract<Waiting, { type: "result" }>;
export type WaitingPlan = Exclude<Waiting, { type: "result" }>;

export const isResult = (vote: Waiting): vote is WaitingResult => vote.type === "result";

/** What others have signed of a match, and how many are still to. */
export function Signers({
  vote,
}: {
  vote: Pick<Waiting, "signers" | "signatures_needed"> & Partial<Pick<Waiting, "signable">>;
}) {
  const names = vote.signers.map(nameOf).join(", ");
  const missing = vote.signatures_needed - vote.signers.length;
  return (
    <span className={styles.soft}>
      <Trans>Signed by {names}.</Trans>{" "}
      {vote.signable === false ? (
        <Trans>Nobody can sign it any more.</Trans>
      ) : (
        <Plural value={missing} one="One signature is missing." other="# signatures are missing." />
      )}
    </span>
  );
}

interface Props {
  votes: WaitingResult[];
  account: string;
  matches: readonly Match[];
  sign: (office: ReportedAdminAction) => void;
  busy: boolean;
}

/** Results that wait for signatures: first those that wait for this player's. */
export function ToSign({ votes, account, matches, sign, busy }: Props) {
  const now_s = useNow(60);
  const [other, setOther] = useState<Match>();
  if (votes.length === 0) return null;
  const ordered = [...votes].sort(
    (one, another) => Number(signedBy(one.signers, account)) - Number(signedBy(another.signers, account)),
  );
  return (
    <section className={styles.section}>
      <h2 className={styles.title}>
        <Trans>Wait for signatures</Trans>
      </h2>
      <ul className={styles.rows}>
        {ordered.map((vote) => {
          const match = matches.find(({ no }) => no === vote.match.no);
          if (match === undefined) return null;
          const own = signedBy(vote.signers, account);
          const office = sameResult(match, vote);
          return (
            <li key={vote.id} className={styles.card}>
              <div className={styles.line}>
                <span className={styles.teams}>
                  <Team team={match.home} />
                  <Team team={match.away} />
                </span>
                {office !== undefined && <Score outcome={vote.outcome} />}
              </div>
              {office === undefined ? <NotKnown /> : <Rest match={match} outcome={vote.outcome} />}
              <p className={styles.soft}>{match.kickoff != null && moment(seconds(match.kickoff), now_s)}</p>
              <Signers vote={vote} />
              <div className={styles.doing}>
                {!own && vote.signable && office !== undefined && (
                  <Button look="main" isDisabled={busy} onPress={() => sign(office)}>
                    <Trans>Sign the same</Trans>
                  </Button>
                )}
                <Button look={own ? "plain" : "quiet"} onPress={() => setOther(match)}>
                  <Trans>It was another</Trans>
                </Button>
              </div>
            </li>
          );
        })}
      </ul>
      <Correct match={other} close={() => setOther(undefined)} />
    </section>
  );
}
