import { Trans } from "@lingui/react/macro";

import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { Skeleton } from "../../design/Skeleton";
import { usePlayerHere } from "../../keys/player";
import { isProblem, type Shapes } from "../../node/client";
import { usePlayer, usePool } from "../../node/queries";
import { Link, type Props } from "../../route";
import { Alone } from "./Alone";
import { Duel } from "./Duel";

function Found({ page }: { page: Shapes["PlayerPage"] }) {
  const pool = usePool();
  const own = usePlayerHere(pool.id)?.account;
  const mine = own === page.account;
  const me = usePlayer(mine ? undefined : own);
  if (me.data !== undefined && !mine) return <Duel page={page} me={me.data} />;
  // Whoever waits to be let in plays nowhere yet.
  if (own === undefined || mine || me.isError) return <Alone page={page} mine={mine} />;
  return <Soon />;
}

const Soon = () => (
  <>
    <Skeleton rows={1} height={280} />
    <Skeleton rows={6} height={56} />
  </>
);

function NoSuch() {
  return (
    <Empty title={<Trans>No such player</Trans>}>
      <Link to="/table">
        <Trans>Everybody who plays</Trans>
      </Link>
    </Empty>
  );
}

/** A player. */
export function Place({ name }: Props<"/player/:name">) {
  const player = usePlayer(name);
  if (player.data !== undefined) return <Found page={player.data} />;
  if (isProblem(player.error) && player.error.status === 404) return <NoSuch />;
  if (player.isError) {
    return (
      <>
        <Failure error={player.error} again={() => void player.refetch()} />
        <p>
          <Link to="/table">
            <Trans>Everybody who plays</Trans>
          </Link>
        </p>
      </>
    );
  }
  return <Soon />;
}
