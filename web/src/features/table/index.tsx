import { Trans, useLingui } from "@lingui/react/macro";
import { createLazyRoute, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { Mark } from "../../checking/Mark";
import { rounds as askedRounds } from "../../checking/questions";
import { useAsked } from "../../checking/useAsked";
import { Button } from "../../design/Button";
import { Choice } from "../../design/Choice";
import { Picker } from "../../design/Picker";
import { teamName } from "../../design/teams";
import { useWide } from "../../device/wide";
import { usePlayerHere } from "../../keys/player";
import { useFixed } from "../../keys/useOpened";
import type { Shapes } from "../../node/client";
import { useLiveMatches } from "../../node/live";
import { useMatches, usePool, useRounds } from "../../node/queries";
import { roundName } from "../../words/rounds";
import { AsItStands } from "./AsItStands";
import { Matrix } from "./Matrix";
import { RoundWon } from "./RoundWon";
import { NoSuch, Standings } from "./Standings";
import styles from "./Table.module.css";
import { ALL, fitsWhole } from "./useMatrix";

export const Route = createLazyRoute("/table")({ component: TablePlace });

/** Whether all matches of a round have a result that nothing can change. */
const isOver = ({ scored, provisional, matches }: Shapes["RoundBody"]): boolean =>
  scored === matches.length && provisional === 0;

function TablePlace() {
  const { t } = useLingui();
  const wide = useWide();
  const pool = usePool();
  const { name } = useFixed();
  const own = usePlayerHere(pool.id)?.account;
  const search = useSearch({ from: "/table" });
  const go = useNavigate({ from: "/table" });
  const { data } = useRounds();
  const rounds = data ?? [];
  useAsked("rounds", askedRounds.read);
  const matches = useMatches().data ?? [];
  const scheduled = matches
    .filter((match) => match.kickoff != null)
    .sort((a, b) => (a.kickoff ?? "").localeCompare(b.kickoff ?? "") || a.no - b.no);
  const now = rounds.findLast((round) => round.scored > 0) ?? rounds[0];
  const over = rounds.length < 2 ? undefined : rounds.findLast(isOver);
  const whole = fitsWhole(pool.totals.players, matches.length);
  const view =
    search.grid !== undefined
      ? "grid"
      : search.round !== undefined
        ? "round"
        : search.since !== undefined
          ? "since"
          : "all";
  const played = useLiveMatches(matches);
  const [wanted, setWanted] = useState(false);
  const asked = view === "all" && played.length > 0;
  const live = asked && wanted;
  const show = (next: typeof search): void => void go({ search: next, replace: true });

  return (
    <>
      <header className={styles.head}>
        <h1>{wide ? <Trans>Table</Trans> : name}</h1>
        {!live && <Mark />}
      </header>
      <div className={styles.choose}>
        <Choice
          label={t`What the table counts`}
          silent
          value={view}
          choices={[
            { value: "all", says: t`Overall` },
            { value: "round", says: t`Round` },
            { value: "grid", says: t`All tips` },
            ...(view === "since" ? [{ value: "since", says: t`Since` } as const] : []),
          ]}
          choose={(next) => {
            if (next === "all") show({});
            if (next === "round") show({ round: (search.grid === ALL ? undefined : search.grid) ?? now?.stage ?? "" });
            if (next === "grid") show({ grid: search.round ?? (whole ? ALL : (now?.stage ?? "")) });
          }}
        />
        {(view === "round" || view === "grid") && (
          <Picker
            label={t`Round`}
            value={search.round ?? search.grid ?? ""}
            choices={[
              ...(whole && view === "grid" ? [{ value: ALL, says: t`All rounds` }] : []),
              ...rounds.map(({ stage }) => ({ value: stage, says: roundName(stage) })),
            ]}
            choose={(stage) => show(view === "grid" ? { grid: stage } : { round: stage })}
          />
        )}
        {asked && (
          <Choice
            label={t`Which table`}
            silent
            value={live ? "live" : "book"}
            choices={[
              { value: "book", says: t`By results` },
              { value: "live", says: t`As it stands` },
            ]}
            choose={(next) => setWanted(next === "live")}
          />
        )}
        {view === "since" && (
          <Picker
            label={t`From`}
            value={search.since ?? ""}
            choices={scheduled.map((match) => ({
              value: match.code,
              says: `${teamName(match.home)} – ${teamName(match.away)} (${roundName(match.stage)})`,
            }))}
            choose={(code) => show({ since: code })}
          />
        )}
      </div>
      {live ? (
        <AsItStands played={played} own={own} />
      ) : search.grid !== undefined && search.grid !== ALL && data?.every(({ stage }) => stage !== search.grid) ? (
        <NoSuch what="round" />
      ) : search.grid !== undefined ? (
        <Matrix key={search.grid} pool={pool.id} stage={search.grid} own={own} />
      ) : (
        <>
          {view === "all" && over !== undefined && <RoundWon key={over.stage} stage={over.stage} />}
          <Standings
            slice={{ ...(search.round && { stage: search.round }), ...(search.since && { from: search.since }) }}
            own={own}
          />
          {view === "all" && scheduled[0] !== undefined && (
            <Button look="quiet" onPress={() => show({ since: scheduled[0]?.code ?? "" })}>
              <Trans>Count from a later match</Trans>
            </Button>
          )}
        </>
      )}
    </>
  );
}
