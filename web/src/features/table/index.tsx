import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { Mark } from "../../checking/Mark";
import { Choice } from "../../design/Choice";
import { Pools } from "../../identity/pools";
import { usePlayerHere } from "../../keys/player";
import { useLiveMatches } from "../../node/live";
import { useMatches, usePool, useRounds } from "../../node/queries";
import { go, type Search } from "../../route";
import { Rounds } from "./Rounds";
import { Share } from "./Share";
import styles from "./Table.module.css";
import { ALL, fitsWhole } from "./useMatrix";
import { View } from "./View";

type View = "all" | "round" | "grid";

const viewOf = ({ grid, round }: Search): View => {
  if (grid !== undefined) return "grid";
  return round === undefined ? "all" : "round";
};

/** Who leads: by everything, by a round, or tip by tip. */
export function Place(search: Search) {
  const { t } = useLingui();
  const pool = usePool();
  const own = usePlayerHere(pool.id)?.account;
  const rounds = useRounds().data ?? [];
  const matches = useMatches().data ?? [];
  const played = useLiveMatches(matches);
  const [settled, setSettled] = useState(false);
  const view = viewOf(search);
  const isPlayed = view === "all" && search.since === undefined && played.length > 0;
  const live = isPlayed && !settled;
  const show = (next: Search): void => go({ to: "/table", search: next, replace: true });
  const now = rounds.findLast((round) => round.scored > 0) ?? rounds[0];
  const whole = fitsWhole(pool.totals.players, matches.length);
  const stage = search.round ?? search.grid;

  return (
    <>
      <header className={styles.head}>
        <Pools own={pool.id} />
        <h1>
          <Trans>Table</Trans>
        </h1>
        {!live && <Mark />}
        {view !== "grid" && !live && search.since === undefined && (
          <span className={styles.share}>
            <Share stage={search.round} own={own} />
          </span>
        )}
      </header>
      <div className={styles.views}>
        <Choice
          label={t`What the table counts`}
          silent
          value={view}
          choices={[
            { value: "all", says: t`Overall` },
            { value: "round", says: t`Round` },
            { value: "grid", says: t`All tips` },
          ]}
          choose={(next) => {
            const chosen = stage === ALL ? undefined : stage;
            if (next === "all") show({});
            if (next === "round") show({ round: chosen ?? now?.stage ?? "" });
            if (next === "grid") show({ grid: chosen ?? now?.stage ?? ALL });
          }}
        />
      </div>
      {view !== "all" && (
        <Rounds
          rounds={rounds}
          matches={matches}
          stage={stage ?? ""}
          all={whole && view === "grid"}
          choose={(next) => show(view === "grid" ? { grid: next } : { round: next })}
        />
      )}
      {isPlayed && (
        <div className={styles.which}>
          <Choice
            label={t`Which table`}
            silent
            look="pills"
            value={live ? "live" : "settled"}
            choices={[
              {
                value: "live",
                says: <span className={styles.live}>{t`As it stands`}</span>,
              },
              { value: "settled", says: t`By results` },
            ]}
            choose={(next) => setSettled(next === "settled")}
          />
        </div>
      )}
      <View
        search={search}
        live={live ? played : undefined}
        own={own}
        since={(from) => show(from === "" ? {} : { since: from })}
      />
    </>
  );
}
