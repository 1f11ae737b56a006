import { Trans } from "@lingui/react/macro";
import { useEffect, useState } from "react";

import { Empty } from "../../design/Empty";
import { Skeleton } from "../../design/Skeleton";
import { forget } from "../../keys/forget";
import { hasLeft } from "../../keys/moving";

/** Where the browser passes by once a player has arrived at the pool's new address: this one forgets the key, and leads there. */
export function Forgets() {
  const [left] = useState(hasLeft);
  useEffect(() => {
    if (left === undefined) return;
    void forget(left.pool)
      .catch(() => undefined)
      .then(() => location.replace(left.to));
  }, [left]);
  if (left !== undefined) return <Skeleton rows={4} />;
  return (
    <Empty title={<Trans>Nothing was deleted</Trans>}>
      <Trans>Nobody has just moved from here to another address.</Trans>
    </Empty>
  );
}
