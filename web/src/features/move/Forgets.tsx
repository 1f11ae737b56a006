import { Trans } from "@lingui/react/macro";
import { useEffect, useState } from "react";

import { Empty } from "../../design/Empty";
import { Skeleton } from "../../design/Skeleton";
import { forget } from "../../keys/forget";
import { hasLeft, wasLeft } from "../../keys/moving";
import { playerOf } from "../../keys/player";
import { Link } from "../../route";

/** Where the browser passes by once a player has arrived at the pool's new address: this one forgets the key, and leads there. */
export function Forgets() {
  const [left] = useState(hasLeft);
  useEffect(() => {
    if (left === undefined) return;
    // Somebody else may play here by now.
    const forgotten = playerOf(left.pool)?.account === left.account ? forget(left.pool) : Promise.resolve();
    void forgotten
      .catch(() => undefined)
      .then(() => {
        wasLeft();
        location.replace(left.to);
      });
  }, [left]);
  if (left !== undefined) return <Skeleton rows={4} />;
  return (
    <Empty title={<Trans>Nothing was deleted</Trans>}>
      <p>
        <Trans>Nobody has just moved from here to another address.</Trans>
      </p>
      <Link to="/">
        <Trans>To your tips</Trans>
      </Link>
    </Empty>
  );
}
