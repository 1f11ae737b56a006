import { Trans } from "@lingui/react/macro";

import { Empty } from "../../../design/Empty";
import { Unread } from "../../../design/Unread";
import { useAsksWhoAdvances } from "../../../extras";
import { useObjected } from "../../../identity/assent/objections";
import { usePending } from "../../../identity/drafts/ownTips";
import { useNow } from "../../../node/clock";
import type { Shapes } from "../../../node/client";
import { useMatches, usePool, useVotes } from "../../../node/queries";
import { standing } from "../../../node/record";
import { useOwnOffice } from "../me";
import styles from "../Organise.module.css";
import { isResult, signedBy, type Match, type Waiting } from "../outcome";
import { Day } from "./Day";
import { Entered } from "./Entered";
import { Feed } from "./Feed";
import { Needs } from "./Needs";
import { useTyped } from "./typed";
import { useLines } from "./useLines";
import { useProposed } from "./useProposed";

interface Props {
  matches: readonly Match[];
  votes: readonly Waiting[];
  account: string;
}

/** What this device has sent and no block holds yet, by numbers of matches. */
function useSentResults(account: string): ReadonlyMap<number, Shapes["OutcomeBody"]> {
  const { data = [] } = usePending(account || undefined);
  return new Map(
    data.flatMap(({ action }) => (action.type === "result" ? [[action.match.no, action.outcome] as const] : [])),
  );
}

function Loaded({ matches, votes, account }: Props) {
  const now_s = useNow(10);
  const { id } = usePool();
  const proposed = useProposed(account);
  const sent = useSentResults(account);
  const drafts = useTyped(id);
  const waiting = votes.filter(isResult);
  const voted = new Set(waiting.map(({ match }) => match.no));
  const asks = useAsksWhoAdvances(id);
  const { lines, tick } = useLines({ matches, now_s, voted, sent, drafts, compared: proposed.compared, asks });
  const records = matches.filter((match) => standing(match)?.provisional === true);
  const objected = useObjected(id, matches);
  const mine = votes.some(({ signers }) => signedBy(signers, account));
  return (
    <div className={styles.beside}>
      <div>
        <Needs votes={waiting} matches={matches} account={account} />
        <Day lines={lines} tick={tick} look={proposed.look} account={account} waits={mine} />
        {lines.length === 0 && waiting.length === 0 && objected.every(({ answered }) => answered) && (
          <Empty title={<Trans>No results are missing</Trans>}>
            <Trans>As soon as a match kicks off, it appears here.</Trans>
          </Empty>
        )}
      </div>
      <div>
        <Entered records={records} account={account} />
        <Feed account={account} waits={mine} proposed={proposed} />
      </div>
    </div>
  );
}

/** The results: what needs this organiser, those of the day in one form, and what stands. */
export function Results() {
  const matches = useMatches();
  const votes = useVotes();
  const { account } = useOwnOffice();
  if (matches.data === undefined || votes.data === undefined)
    return <Unread of={[matches, votes]} rows={4} height={112} />;
  return <Loaded matches={matches.data} votes={votes.data} account={account} />;
}
