import { Moving } from "../../design/motion";
import { Unread } from "../../design/Unread";
import type { Shapes } from "../../node/client";
import type { Live } from "../../node/live";
import { useMatches, usePool, useRounds, useVotes } from "../../node/queries";
import { AsItStands } from "./AsItStands";
import { Matrix } from "./Matrix";
import { ROW_PX } from "./Row";
import { NoSuch } from "./Standings";
import { Tables } from "./Tables";
import { ALL } from "./useMatrix";

interface Props {
  /** What the address asks for. */
  search: { grid?: string; round?: string; since?: string };
  /** What is played now, where the table is to be shown as it stands. */
  live: readonly { match: Shapes["MatchBody"]; live: Live }[] | undefined;
  own: string | undefined;
  /** Counts from another match on; `""`: from the first. */
  since: (from: string) => void;
}

/** The table that was asked for, or that the pool has none such. Of what it has not, the node's answer is not even asked for. */
function Asked({ search, live, own, since }: Props) {
  const pool = usePool();
  const rounds = useRounds();
  const matches = useMatches();
  const votes = useVotes();
  if (rounds.data === undefined || matches.data === undefined || votes.isPending)
    return <Unread of={[rounds, matches]} rows={9} height={ROW_PX} />;
  if (live !== undefined) return <AsItStands played={live} own={own} />;
  const stage = search.grid ?? search.round;
  const grid = search.grid !== undefined;
  if (stage !== undefined && !(grid && stage === ALL) && rounds.data.every((round) => round.stage !== stage))
    return <NoSuch what="round" />;
  if (stage !== undefined && grid) return <Matrix key={stage} pool={pool.id} stage={stage} own={own} />;
  const from = matches.data.find(({ code, kickoff }) => code === search.since && kickoff != null);
  if (search.since !== undefined && from === undefined) return <NoSuch what="match" />;
  return (
    <Tables
      pool={pool.id}
      own={own}
      rounds={rounds.data}
      matches={matches.data}
      waiting={votes.data ?? []}
      stage={stage}
      from={from}
      since={since}
    />
  );
}

/** The same, with people who move. */
export const View = (props: Props) => (
  <Moving>
    <Asked {...props} />
  </Moving>
);
