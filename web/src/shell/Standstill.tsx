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
        Another computer signs with the key of this pool’s, so this one does not vote: one of the two must stop, and the
        other start again.
      </Trans>
    );
  if (twice.length > 0)
    return (
      <Trans>
        The key of <Names players={twice} /> signed two different votes: it runs on two computers, or somebody cheats.
        Of two computers, one must stop and the other start again.
      </Trans>
    );
  if (waits.disagree === true) return <Trans>The keepers who are there do not agree. Is somebody’s clock wrong?</Trans>;
  if (count === 0) return <Trans>This pool’s computer has heard no keeper yet.</Trans>;
  return (
    <>
      <Trans>
        This pool’s computer waits for <Names players={away} />.
      </Trans>
      {all > 1 && (
        <>
          {" "}
          <Trans>
            It hears nothing of {count} of {all} keepers.
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
      <Trans>It has waited {time}.</Trans>
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
                <Trans>Nothing is stamped for now.</Trans>
              </strong>
            ) : (
              <strong>
                <Trans>The book stands still.</Trans>
              </strong>
            )}{" "}
            <Why waits={waits} />{" "}
            {votes === "hybrid" ? (
              <Trans>
                What you send still gets into the book, but until it is stamped, whoever adds the most pages could take
                it out.
              </Trans>
            ) : (
              <Trans>
                What you send is kept and waits. A tip counts only if it is in the book before betting on it ends.
              </Trans>
            )}
          </p>
        )}
      </div>
      {waits != null && <Since since={waits.since} />}
    </div>
  );
}
