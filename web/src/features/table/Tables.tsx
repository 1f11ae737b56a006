import { Trans } from "@lingui/react/macro";

import { Section } from "../../design/Card";
import { Skeleton } from "../../design/Skeleton";
import { UnderTableExtras } from "../../extras";
import type { Shapes } from "../../node/client";
import { useStandings } from "../../node/queries";
import { useWon } from "../../sentences/useWon";
import { Contested } from "./Contested";
import { isContested } from "./doubt";
import { RoundWon, Winners } from "./RoundWon";
import { RoundMatches } from "./RoundMatches";
import { ROW_PX } from "./Row";
import { Since } from "./Since";
import { Standings } from "./Standings";
import styles from "./Table.module.css";
import { Tipped } from "./Tipped";
import { isOver, toPlay } from "./over";

type Round = Shapes["RoundBody"];
type Match = Shapes["MatchBody"];

interface Props {
  pool: string;
  own: string | undefined;
  rounds: readonly Round[];
  matches: readonly Match[];
  waiting: readonly Shapes["WaitingBody"][];
  /** The round that it is of. */
  stage: string | undefined;
  /** The match that it counts from. */
  from: Match | undefined;
  since: (from: string) => void;
}

/** The table of all matches, of a round, or from a match on, with who won the rounds; before the first result, who has tipped. */
export function Tables({ pool, own, rounds, matches, waiting, stage, from, since }: Props) {
  const byNo = new Map(matches.map((match) => [match.no, match]));
  const over = rounds.filter((round) => isOver(round, byNo));
  const won = useWon(rounds.length > 1 ? over : []);
  const whole = stage === undefined && from === undefined;
  const table = useStandings({}).data;
  const asked = stage === undefined ? rounds : rounds.filter((round) => round.stage === stage);
  const next = rounds.find((round) => toPlay(round, byNo) > 0);
  const first = table?.items.filter(({ place, points }) => place === 1 && points > 0) ?? [];
  // All rounds are over, and with them the pool.
  const champions = whole && next === undefined && first.length > 0 ? { stage: "", winners: first } : undefined;
  const tipped = stage ?? next?.stage;
  const foot = whole && table !== undefined && <UnderTableExtras table={table} own={own} />;
  const shown = tipped ?? rounds.findLast((round) => round.scored > 0)?.stage;
  if (from === undefined && tipped !== undefined && asked.every(({ scored }) => scored === 0))
    return (
      <div className={styles.desk}>
        <div className={styles.table}>
          <Tipped key={tipped} stage={tipped} own={own} />
          {foot}
        </div>
        <div className={styles.round}>
          <RoundMatches stage={tipped} />
        </div>
      </div>
    );
  if (won === undefined) return <Skeleton rows={9} height={ROW_PX} />;
  const last = stage === undefined ? (champions ?? won.at(-1)) : won.find((it) => it.stage === stage);
  const doubtful = matches.filter(
    (match) => (stage === undefined || match.stage === stage) && isContested(match, waiting),
  );
  return (
    <div className={styles.desk}>
      {last !== undefined && (
        <div className={styles.last}>
          <RoundWon
            won={last}
            all={last === champions}
            next={whole && next !== undefined ? { stage: next.stage, left: toPlay(next, byNo) } : undefined}
          />
        </div>
      )}
      <div className={styles.table}>
        <Standings
          slice={{ ...(stage !== undefined && { stage }), ...(from !== undefined && { from: from.code }) }}
          since={from?.no}
          pool={pool}
          own={own}
          matches={matches}
          won={whole ? won : []}
          above={<Contested of={doubtful} />}
        />
        {foot}
        {stage === undefined && <Since from={from} matches={matches} choose={since} />}
      </div>
      {whole && won.length > 1 && (
        <Section className={styles.winners} title={<Trans>Rounds won</Trans>}>
          <Winners won={won} />
        </Section>
      )}
      {shown !== undefined && (
        <div className={styles.round}>
          <RoundMatches stage={shown} />
        </div>
      )}
    </div>
  );
}
