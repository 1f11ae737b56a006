import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";

import { Button, buttonClass } from "../../design/Button";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { State } from "../../design/State";
import { Team } from "../../design/teams";
import { Unread } from "../../design/Unread";
import { queries, type Shapes } from "../../node/client";
import { useFixed } from "../../keys/useOpened";
import { Link } from "../../route";
import styles from "./Classic.module.css";
import { betsOptions, mine, waitingOf, type ClassicBet } from "./routes";

/** Somebody's bets: those that wait, and those that stand in a block. */
export function Bets({
  name,
  matches,
  waiting,
}: {
  name: string;
  matches: readonly Shapes["MatchBody"][];
  waiting: readonly ClassicBet[];
}) {
  const { consensus } = useFixed();
  const bets = useQuery(betsOptions(name));
  const writing = useMutation({
    mutationFn: mine,
    onSettled: () => void queries.invalidateQueries({ queryKey: ["classic"] }),
  });
  const own = waitingOf(waiting, name);
  const back = (
    <Link to="/classic" search={{}} className={buttonClass("plain", true)}>
      <Trans>Back to the form</Trans>
    </Link>
  );
  if (bets.data === undefined) return <Unread of={[bets]} rows={2} height={72} />;

  const rows = [
    ...own.map((bet) => ({ bet, state: "sent" as const })),
    ...bets.data.map((bet) => ({ bet, state: "booked" as const })),
  ];
  return (
    <div className={styles.form}>
      {rows.length === 0 ? (
        <Empty title={<Trans>No bets of {name} yet</Trans>} />
      ) : (
        <ul className={styles.bets}>
          {rows.map(({ bet, state }, row) => {
            const match = matches.find(({ code }) => code === bet.match_id);
            return (
              <li key={row} className={styles.bet}>
                <span className={styles.teams}>
                  {match === undefined ? (
                    bet.match_id
                  ) : (
                    <>
                      <Team team={match.home} />
                      <Team team={match.away} />
                    </>
                  )}
                </span>
                <span className={styles.side}>
                  <span className={styles.score}>
                    {bet.team_one_score}:{bet.team_two_score}
                  </span>
                  <State is={state} />
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {own.length > 0 && consensus === "pow" && (
        <>
          <p className={styles.soft}>
            <Trans>What you send waits until someone makes a block. The article calls this “mine”.</Trans>
          </p>
          <Button look="main" wide isDisabled={writing.isPending} onPress={() => writing.mutate()}>
            <Trans>Write a page</Trans>
          </Button>
        </>
      )}
      {writing.error !== null && <Failure error={writing.error} />}
      {back}
    </div>
  );
}
