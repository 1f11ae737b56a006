import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { queries, type Shapes } from "../node/client";
import { useNow } from "../node/clock";
import { poolOptions, useStatus, validatorsOptions } from "../node/queries";
import { Names } from "../words/Names";
import { distance, seconds } from "../words/time";
import styles from "../design/Banner.module.css";

/** For whom keepers wait, as the node has heard. */
function Why({ waits }: { waits: Shapes["WaitsBody"] }) {
  const { away, validators: all } = waits;
  const count = away.length;
  const twice = waits.twice ?? [];
  if (waits.copied === true)
    return (
      <Trans>
        Another computer is using the key of this pool’s computer, so this one has stopped voting. Stop one of the two,
        then restart the other.
      </Trans>
    );
  if (twice.length > 0)
    return (
      <Trans>
        The key of <Names players={twice} /> signed two different votes. Either it runs on two computers, or someone is
        cheating. With two computers, stop one and restart the other.
      </Trans>
    );
  if (waits.disagree === true)
    return <Trans>The validators that are online don’t agree. Is someone’s clock wrong?</Trans>;
  if (count === 0) return <Trans>The pool’s computer hasn’t heard from any validator yet.</Trans>;
  return (
    <>
      <Trans>
        It is waiting for the computer of <Names players={away} />.
      </Trans>
      {all > 1 && (
        <>
          {" "}
          <Trans>
            {count} of {all} validators are offline.
          </Trans>
        </>
      )}
    </>
  );
}

function Since({ since }: { since: string }) {
  const time = distance(useNow() - seconds(since));
  return (
    <p>
      <Trans>Waiting {time}.</Trans>
    </p>
  );
}

/** Says for whom the book waits, for as long as it does. */
export function Standstill() {
  const votes = useQuery(poolOptions()).data?.consensus;
  const waits = useStatus(votes !== undefined && votes !== "pow").data?.waits;
  const silent = waits?.away.map(({ account }) => account).join();
  useEffect(() => {
    if (silent !== undefined) void queries.invalidateQueries({ queryKey: validatorsOptions().queryKey });
  }, [silent]);
  return (
    <div className={waits == null ? undefined : styles.away}>
      <div role="status" aria-live="polite">
        {waits != null && (
          <p>
            {votes === "hybrid" ? (
              <strong>
                <Trans>Nothing can be confirmed right now.</Trans>
              </strong>
            ) : (
              <strong>
                <Trans>Tips can’t be confirmed right now.</Trans>
              </strong>
            )}{" "}
            <Why waits={waits} />{" "}
            {votes === "hybrid" ? (
              <Trans>
                What you send still goes into a block, but until it is confirmed, the computers that mine most could
                remove it.
              </Trans>
            ) : (
              <Trans>
                What you send is kept and waits. A tip only counts if it is confirmed before its match closes.
              </Trans>
            )}
          </p>
        )}
      </div>
      {waits != null && <Since since={waits.since} />}
    </div>
  );
}
