import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Mark } from "../../checking/Mark";
import { usePlayerCount } from "../../checking/state";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { ShareMatch } from "../../design/share";
import { Skeleton } from "../../design/Skeleton";
import { Unread } from "../../design/Unread";
import { useSoon } from "../../device/soon";
import { isSealed, useOwnTips } from "../../identity/drafts/ownTips";
import { isOpen } from "../../identity/sending/sendTips";
import { usePlayerHere } from "../../keys/player";
import { isProblem, type Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { livesOptions, useLiveScore } from "../../node/live";
import { useMatch, useMatchTips, usePool } from "../../node/queries";
import { Link, type Props } from "../../route";
import { History } from "../../sentences/History";
import { Split } from "../../sentences/Split";
import { AsItStands, Lead } from "./AsItStands";
import { Mine, Tipped } from "./Before";
import { Checked } from "./Checked";
import { Head } from "./Head";
import styles from "./Match.module.css";
import { ROW_PX, Tips } from "./Tips";

type Match = Shapes["MatchBody"];

/** About as high as the list of tips will be. */
const height = ({ bets }: Match): number => 44 + ROW_PX * Math.max(bets, 1);

/** `code`: as the address has it, and the node was asked; what it answers may name another. */
function Found({ code, match }: { code: string; match: Match }) {
  const pool = usePool();
  const own = usePlayerHere(pool.id)?.account;
  const players = usePlayerCount(pool.totals.players);
  const tips = useMatchTips(code);
  const live = useLiveScore(match);
  const bets = tips.data ?? [];
  const bet = bets.find(({ player }) => player.account === own);
  const before = match.status === "scheduled";
  const seals = useOwnTips(pool.id, before || (bet !== undefined && isSealed(bet)) ? own : undefined);
  const open = isOpen(match, useNow());
  const drawn = useSoon(tips.data !== undefined);
  const readable = bets.some(({ score }) => score != null);
  return (
    <div className={styles.page}>
      <div>
        <Head match={match} live={live} share={drawn && <ShareMatch match={match} bets={bets} own={own} />}>
          {drawn ? <Split match={match} bets={bets} players={players} /> : <div className={styles.soon} />}
          {!before && match.bets > match.unopened && (
            <Link className={styles.again} to="/match/:code/show" params={{ code }}>
              <Trans>Watch the kick-off again</Trans>
            </Link>
          )}
        </Head>
        {live !== undefined && <Lead live={live} own={own} />}
        {before && own !== undefined && seals.ready && (
          <Mine match={match} tip={seals.tips.get(match.no)} open={open} locked={seals.locked} lift={seals.lift} />
        )}
      </div>
      <div className={styles.main}>
        {tips.isError || !drawn ? (
          <Unread of={[tips]} height={height(match)} />
        ) : live !== undefined ? (
          <AsItStands live={live} bets={bets} own={own} />
        ) : before && !readable ? (
          <Tipped bets={bets} players={players} />
        ) : (
          <Tips match={match} bets={bets} players={players} own={own} seals={seals} />
        )}
      </div>
      <div className={styles.rest}>
        <History of={match} playing={live !== undefined} />
        <div className={styles.checked}>
          <Checked match={match} live={live} bet={bet} />
          <Mark />
        </div>
      </div>
    </div>
  );
}

function NoSuch() {
  return (
    <Empty title={<Trans>No such match</Trans>}>
      <Link to="/">
        <Trans>Go to your tips</Trans>
      </Link>
    </Empty>
  );
}

/** A match. */
export function Place({ code }: Props<"/match/:code">) {
  const match = useMatch(code);
  // What is said of it live stands above all the rest.
  const lives = useQuery({ ...livesOptions(), enabled: match.data !== undefined && match.data.status !== "scheduled" });
  const drawn = useSoon(match.data !== undefined && !lives.isLoading);
  if (match.data !== undefined && drawn) return <Found code={code} match={match.data} />;
  if (isProblem(match.error) && match.error.status === 404) return <NoSuch />;
  if (match.isError) return <Failure error={match.error} again={() => void match.refetch()} />;
  return (
    <>
      <Skeleton rows={1} height={260} />
      <Skeleton rows={6} height={56} />
    </>
  );
}
