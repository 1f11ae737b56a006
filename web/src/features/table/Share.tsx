import { ShareTable } from "../../design/share";
import { useMatches, useRounds, useStandings } from "../../node/queries";
import { useWon } from "../../sentences/useWon";
import { namesOf } from "../../words/Names";
import { roundName } from "../../words/rounds";
import { Says } from "./RoundWon";
import { isOver } from "./over";

/** Shares the table that is shown, of everything or of a round, with who won that, or the last round that is over. */
export function Share({ stage, own }: { stage: string | undefined; own: string | undefined }) {
  const table = useStandings(stage === undefined ? {} : { stage });
  const matches = new Map(useMatches().data?.map((match) => [match.no, match]));
  const rounds = useRounds().data ?? [];
  const over = rounds.filter((round) => isOver(round, matches));
  const won = useWon(over);
  const known = stage === undefined || rounds.some((round) => round.stage === stage);
  if (table.data === undefined || table.isPlaceholderData || !known) return null;
  const all = stage === undefined && over.length === rounds.length;
  const last = stage === undefined ? won?.at(-1) : won?.find((it) => it.stage === stage);
  const first = all ? table.data.items.filter(({ place }) => place === 1) : (last?.winners ?? []);
  const winners = first.map(({ player }) => player);
  return (
    <ShareTable
      table={table.data}
      own={own}
      round={stage && roundName(stage)}
      won={
        winners.length === 0
          ? undefined
          : { winners, says: <Says who={namesOf(winners)} stage={last?.stage ?? ""} all={all} /> }
      }
    />
  );
}
