import { Trans, useLingui } from "@lingui/react/macro";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";

import { Choice } from "../../design/Choice";
import { Skeleton } from "../../design/Skeleton";
import { node, type Shapes } from "../../node/client";
import { everyPage } from "../../node/pages";
import { useNow } from "../../node/clock";
import { usePool, useRounds } from "../../node/queries";
import { moment } from "../../words/time";
import { chipsOverTime, pointsByRound } from "./course";
import styles from "./Player.module.css";

const Chart = lazy(() => import("./Chart"));

const historyOptions = (player: string) =>
  queryOptions({
    queryKey: ["get", "/api/v1/players/{player}/history", player],
    queryFn: ({ signal }) =>
      everyPage((query) =>
        node.GET("/api/v1/players/{player}/history", {
          signal,
          params: { path: { player }, query },
        }),
      ),
  });

/** Points over the rounds, chips over time. */
export function Courses({ player, bets }: { player: string; bets: Shapes["BetBody"][] }) {
  const { t } = useLingui();
  const [of, setOf] = useState<"points" | "chips">("points");
  const pool = usePool();
  const rounds = useRounds().data ?? [];
  const history = useQuery({ ...historyOptions(player), enabled: of === "chips" }).data;
  const now_s = useNow(60);
  const points = pointsByRound(rounds, bets).map(({ label, value }, index) => ({ x: index, y: value, says: label }));
  const chips =
    history === undefined
      ? undefined
      : chipsOverTime(history).map(({ at_s, chips: y }) => ({ x: at_s, y, says: moment(at_s, now_s) }));
  const dots = of === "points" ? points : chips;
  return (
    <div className={styles.part}>
      {pool.starting_chips > 0 && (
        <Choice
          label={t`What the line shows`}
          silent
          value={of}
          choices={[
            { value: "points", says: t`Points by round` },
            { value: "chips", says: t`Chips over time` },
          ]}
          choose={setOf}
        />
      )}
      {dots === undefined ? (
        <Skeleton rows={1} height={220} />
      ) : dots.length === 0 ? (
        <p className={styles.soft}>
          <Trans>The line begins with the first result.</Trans>
        </p>
      ) : (
        <Suspense fallback={<Skeleton rows={1} height={220} />}>
          <Chart
            title={of === "points" ? t`Points` : t`Chips`}
            of={of === "points" ? <Trans>Round</Trans> : <Trans>When</Trans>}
            dots={dots}
            steps={of === "chips"}
          />
        </Suspense>
      )}
    </div>
  );
}
