import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Button, buttonClass } from "../design/Button";
import { Empty } from "../design/Empty";
import { Waiting } from "../design/Skeleton";
import { takePass } from "../keys/pass";
import { usePlayerHere } from "../keys/player";
import { usePass } from "../keys/usePass";
import { queries } from "../node/client";
import { poolOptions, useMatches } from "../node/queries";
import { Link } from "../route";

const WAYS = { display: "grid", gap: "var(--s4)", justifyItems: "center" };

/** What whoever is kept out sees instead of the pool. */
function Outside({ pool }: { pool: string }) {
  // Asked again as long as this is shown: so it is seen when the node lets this browser in.
  useMatches();
  const locked = usePlayerHere(pool)?.locked === true;
  const opening = useMutation({
    mutationFn: () => takePass(pool, true).then(() => queries.invalidateQueries()),
  });
  return (
    <Empty title={<Trans>Only players can look at this pool</Trans>}>
      {locked ? (
        <div style={WAYS}>
          <p>
            <Trans>You play here on this device. Your passphrase lets you in.</Trans>
          </p>
          <Button look="main" onPress={() => opening.mutate()}>
            <Trans>Unlock</Trans>
          </Button>
        </div>
      ) : (
        <div style={WAYS}>
          <p>
            <Trans>
              New here? Open the invitation link from your friends. Playing on another phone? There, go to More and
              choose “Move to another phone”.
            </Trans>
          </p>
          <Link to="/join" className={buttonClass("main")}>
            <Trans>Join, or enter your 24 words</Trans>
          </Link>
        </div>
      )}
    </Empty>
  );
}

/** Shows the pool to whomever the node lets look. `always`: a place that everybody may see. */
export function PlayersOnly({ always, children }: { always: boolean; children: ReactNode }) {
  const pool = useQuery(poolOptions()).data?.id ?? "";
  const { refused, waits } = usePass(pool);
  if (!refused || always) return children;
  return waits ? <Waiting /> : <Outside pool={pool} />;
}
