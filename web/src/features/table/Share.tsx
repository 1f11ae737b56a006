import { ShareTable } from "../../design/share";
import { useMatches, useRounds, useStandings } from "../../node/queries";
import { roundName } from "../../words/rounds";
import { isOver } from "./useWon";

/** Shares the table that is shown: of everything, or of a round. */
export function Share({ stage, own }: { stage: string | undefined; own: string | undefined }) {
  const table = useStandings(stage === undefined ? {} : { stage });
  const matches = useMatches().data;
  const round = useRounds().data?.find((it) => it.stage === stage);
  if (table.data === undefined || table.isPlaceholderData || (stage !== undefined && round === undefined)) return null;
  const over = round !== undefined && isOver(round, new Map(matches?.map((match) => [match.no, match])));
  return <ShareTable table={table.data} own={own} round={round && { name: roundName(round.stage), over }} />;
}
