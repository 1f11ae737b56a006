import { useEffect } from "react";

import { Failure } from "../../design/Failure";
import { Moving } from "../../design/motion";
import { Stage } from "../../design/stage/Stage";
import { useColours } from "../../design/teams";
import type { Shapes } from "../../node/client";
import { usePassed } from "../../node/clock";
import { useMatch, useMatchTips } from "../../node/queries";
import { standing } from "../../node/record";
import { go, type Props } from "../../route";
import { seconds } from "../../words/time";
import { FullTime } from "./FullTime";
import { KickOff } from "./KickOff";
import styles from "./Show.module.css";

type Match = Shapes["MatchBody"];

/** A match that has nothing to show has a place all the same. */
function ToMatch({ code }: { code: string }) {
  useEffect(() => go({ to: "/match/:code", params: { code }, replace: true }), [code]);
  return null;
}

const Waiting = ({ of: { home, away } }: { of: Match }) => (
  <Stage colours={useColours(home, away)} className={styles.stage}>
    {null}
  </Stage>
);

function Moment({ code, match }: { code: string; match: Match }) {
  const tips = useMatchTips(code);
  if (tips.isError) return <Failure error={tips.error} again={() => void tips.refetch()} />;
  if (tips.data === undefined) return <Waiting of={match} />;
  const record = standing(match);
  if (record?.score != null) return <FullTime match={match} record={record} score={record.score} bets={tips.data} />;
  if (record !== undefined || match.postponed || match.kickoff == null) return <ToMatch code={code} />;
  return <KickOff match={match} kickoff_s={seconds(match.kickoff)} bets={tips.data} />;
}

/** Whether what is known of a match may be from before its result, and the node is asked just now. */
function useSettling(code: string): boolean {
  const { data: match, isFetching, isFetchedAfterMount, failureCount } = useMatch(code);
  const over = match !== undefined && standing(match) !== undefined;
  const begun = usePassed(match?.kickoff == null ? [] : [seconds(match.kickoff)]) > 0;
  return begun && !over && isFetching && !isFetchedAfterMount && failureCount === 0;
}

/** A moment of a match. */
export function Place({ code }: Props<"/match/:code/show">) {
  const { data: match, isError } = useMatch(code);
  const settling = useSettling(code);
  if (isError) return <ToMatch code={code} />;
  if (match === undefined || settling) return <Stage className={styles.stage}>{null}</Stage>;
  return (
    <Moving>
      <Moment key={code} code={code} match={match} />
    </Moving>
  );
}
