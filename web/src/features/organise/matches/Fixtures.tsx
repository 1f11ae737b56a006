import { Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../../design/Button";
import { Section } from "../../../design/Card";
import { Empty } from "../../../design/Empty";
import { Sheet } from "../../../design/Sheet";
import { matchName } from "../../../design/teams";
import { Unread } from "../../../design/Unread";
import { usePending } from "../../../identity/drafts/ownTips";
import type { Shapes } from "../../../node/client";
import { useNow } from "../../../node/clock";
import { useMatches, useVotes } from "../../../node/queries";
import { standing } from "../../../node/record";
import { seconds } from "../../../words/time";
import { useOwnOffice } from "../me";
import styles from "../Organise.module.css";
import { isPlan, type Match } from "../outcome";
import { inOrder, numberFor } from "./fixture";
import { FixtureForm } from "./FixtureForm";
import { NotPlayed } from "./NotPlayed";
import { Plans } from "./Plans";
import { Reimport } from "./Reimport";
import { Round } from "./Round";

/** Whether it moves a match, or cancels it. */
const concerns = (action: Shapes["Action"], { no }: Match): boolean =>
  (action.type === "schedule" && action.fixture.no === no) || (action.type === "result" && action.match.no === no);

/** Whether a match can still be changed. */
const isMovable = (match: Match, now_s: number): boolean =>
  match.postponed || (standing(match) === undefined && (match.kickoff == null || seconds(match.kickoff) > now_s));

/** Matches that can still be changed by rounds, what others want to change, and new ones. */
export function Fixtures() {
  const now_s = useNow();
  const matches = useMatches();
  const votes = useVotes();
  const { account } = useOwnOffice();
  const sent = usePending(account || undefined);
  const [open, setOpen] = useState<Match | "new">();
  const [newer, setNewer] = useState(false);
  if (matches.data === undefined || votes.data === undefined)
    return <Unread of={[matches, votes]} rows={4} height={88} />;
  const plans = <Plans votes={votes.data.filter(isPlan)} matches={matches.data} account={account} />;
  if (newer)
    return (
      <div className={styles.desk}>
        {plans}
        <Reimport votes={votes.data} account={account} close={() => setNewer(false)} />
      </div>
    );
  const movable = inOrder(matches.data.filter((match) => isMovable(match, now_s)));
  const rounds = [...new Set(movable.map(({ stage }) => stage))];
  const close = (): void => setOpen(undefined);
  const numberOf = (code: string): number => numberFor(code, matches.data, votes.data);
  const match = open === "new" ? undefined : open;
  return (
    <div className={styles.beside}>
      <div className={styles.desk}>
        {plans}
        <Section className={styles.section} title={<Trans>Upcoming matches</Trans>}>
          {rounds.length === 0 && <Empty title={<Trans>All matches have been played</Trans>} />}
          <div>
            {rounds.map((stage, at) => (
              <Round
                key={stage}
                stage={stage}
                matches={movable.filter((it) => it.stage === stage)}
                open={at === 0}
                isSent={(it) => sent.data?.some(({ action }) => concerns(action, it)) === true}
                change={setOpen}
              />
            ))}
          </div>
        </Section>
      </div>
      <div className={styles.either}>
        <Button look="well" onPress={() => setOpen("new")}>
          <Trans>Add a match</Trans>
        </Button>
        <Button look="well" onPress={() => setNewer(true)}>
          <Trans>Update from a list</Trans>
        </Button>
      </div>
      <Sheet
        title={match === undefined ? <Trans>New match</Trans> : matchName(match)}
        open={open !== undefined}
        close={close}
      >
        <FixtureForm match={match} numberOf={numberOf} done={close} />
        {match !== undefined && (
          <details className={styles.folded}>
            <summary>
              <Trans>More…</Trans>
            </summary>
            <NotPlayed match={match} done={close} />
          </details>
        )}
      </Sheet>
    </div>
  );
}
