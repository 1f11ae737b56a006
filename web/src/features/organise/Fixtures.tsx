import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { votes as askedVotes } from "../../checking/questions";
import { useAsked } from "../../checking/useAsked";
import { Button } from "../../design/Button";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { Sheet } from "../../design/Sheet";
import { Skeleton } from "../../design/Skeleton";
import { State } from "../../design/State";
import { matchName, Team } from "../../design/teams";
import { usePending } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { useMatches, useVotes } from "../../node/queries";
import { standing } from "../../node/record";
import { moment, seconds } from "../../words/time";
import { inOrder, numberFor } from "./fixture";
import { FixtureForm, PutOff } from "./FixtureForm";
import { useOwnOffice } from "./me";
import styles from "./Organise.module.css";
import type { Match } from "./outcome";
import { Plans } from "./Plans";
import { Reimport } from "./Reimport";
import { isResult } from "./ToSign";

type Open = { what: "change" | "off"; match: Match } | { what: "new" };

/** Whether it moves a match or calls it off. */
const concerns = (action: Shapes["ActionBody"], { no }: Match): boolean =>
  (action.type === "schedule" && action.fixture.no === no) || (action.type === "result" && action.match.no === no);

/** Matches that can still be moved, what others want to move, and new ones. */
export function Fixtures() {
  const now_s = useNow();
  const matches = useMatches();
  const votes = useVotes();
  useAsked(votes.data === undefined ? undefined : "votes", askedVotes.read);
  const { account } = useOwnOffice();
  const sent = usePending(account || undefined);
  const [open, setOpen] = useState<Open>();
  const [all, setAll] = useState(false);
  const [newer, setNewer] = useState(false);
  if (matches.data === undefined || votes.data === undefined) {
    const error = matches.error ?? votes.error;
    if (error === null) return <Skeleton rows={4} height={88} />;
    return <Failure error={error} again={() => void Promise.all([matches.refetch(), votes.refetch()])} />;
  }
  const plans = <Plans votes={votes.data.filter((vote) => !isResult(vote))} matches={matches.data} account={account} />;
  if (newer)
    return (
      <div className={styles.desk}>
        {plans}
        <Reimport votes={votes.data} account={account} close={() => setNewer(false)} />
      </div>
    );
  const movable = inOrder(
    matches.data.filter(
      (match) =>
        match.postponed || (standing(match) === undefined && (match.kickoff == null || seconds(match.kickoff) > now_s)),
    ),
  );
  const shown = all ? movable : movable.slice(0, 12);
  const rest = movable.length - shown.length;
  const close = (): void => setOpen(undefined);
  const numberOf = (code: string): number => numberFor(code, matches.data, votes.data);
  const name = open !== undefined && open.what !== "new" ? matchName(open.match) : "";
  return (
    <div className={styles.desk}>
      {plans}
      <section className={styles.section}>
        <h2 className={styles.title}>
          <Trans>To be played</Trans>
        </h2>
        {movable.length === 0 ? (
          <Empty title={<Trans>Every match has been played</Trans>} />
        ) : (
          <ul className={styles.rows}>
            {shown.map((match) => (
              <li key={match.code} className={styles.card}>
                <div className={styles.line}>
                  <span className={styles.teams}>
                    <Team team={match.home} />
                    <Team team={match.away} />
                  </span>
                  <span className={styles.soft}>
                    {match.postponed ? (
                      <Trans>put off</Trans>
                    ) : match.kickoff != null ? (
                      moment(seconds(match.kickoff), now_s)
                    ) : match.day != null ? (
                      moment(seconds(match.day.begins), now_s)
                    ) : (
                      <Trans>no date yet</Trans>
                    )}
                  </span>
                </div>
                <div className={styles.doing}>
                  {sent.data?.some(({ action }) => concerns(action, match)) === true ? (
                    <State is="sent" />
                  ) : (
                    <>
                      <Button onPress={() => setOpen({ what: "change", match })}>
                        <Trans>Change</Trans>
                      </Button>
                      <Button look="quiet" onPress={() => setOpen({ what: "off", match })}>
                        {match.postponed ? <Trans>Cancel it</Trans> : <Trans>Call it off</Trans>}
                      </Button>
                    </>
                  )}
                </div>
              </li>
            ))}
          </ul>
        )}
        {rest > 0 && (
          <Button wide onPress={() => setAll(true)}>
            <Plural value={rest} one="# more match" other="# more matches" />
          </Button>
        )}
        <Button look="quiet" onPress={() => setOpen({ what: "new" })}>
          <Trans>Add a match</Trans>
        </Button>
        <Button look="quiet" onPress={() => setNewer(true)}>
          <Trans>Read a newer list of the matches</Trans>
        </Button>
      </section>
      <Sheet title={open?.what === "new" ? <Trans>A new match</Trans> : name} open={open !== undefined} close={close}>
        {open?.what === "off" ? (
          <PutOff match={open.match} done={close} />
        ) : (
          open !== undefined && (
            <FixtureForm match={open.what === "change" ? open.match : undefined} numberOf={numberOf} done={close} />
          )
        )}
      </Sheet>
    </div>
  );
}
