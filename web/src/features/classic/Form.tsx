import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { Notice } from "../../design/Notice";
import { isHalf, NO_GOALS, scoreOf, ScoreFields, type Goals } from "../../design/ScoreFields";
import { Team, teamName } from "../../design/teams";
import { TextField } from "../../design/TextField";
import { queries, type Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { standing } from "../../node/record";
import { Link } from "../../route";
import { seconds } from "../../words/time";
import styles from "./Classic.module.css";
import { betAll } from "./routes";

type Match = Shapes["MatchBody"];

/** The two matches that close first. */
function nextTwo(matches: readonly Match[], now_s: number): Match[] {
  const closes = ({ deadline }: Match): number => (deadline == null ? Infinity : seconds(deadline));
  return matches
    .filter((match) => standing(match) === undefined && closes(match) > now_s)
    .sort((one, other) => closes(one) - closes(other) || one.no - other.no)
    .slice(0, 2);
}

export function Form({ matches }: { matches: readonly Match[] }) {
  const { t } = useLingui();
  const now_s = useNow(1);
  const open = nextTwo(matches, now_s);
  const [name, setName] = useState("");
  const [goals, setGoals] = useState<Record<string, Goals>>({});
  const sending = useMutation({
    mutationFn: async () => {
      const bets = open.flatMap(({ code }) => {
        const score = scoreOf(goals[code] ?? NO_GOALS);
        return score === undefined ? [] : [{ code, ...score }];
      });
      const sent = await betAll(name.trim(), bets);
      setGoals((now) =>
        Object.fromEntries(Object.entries(now).filter(([code]) => !sent.taken.some((it) => it.code === code))),
      );
      void queries.invalidateQueries({ queryKey: ["classic"] });
      return { ...sent, name: name.trim() };
    },
  });

  if (open.length === 0)
    return (
      <Empty title={<Trans>No match is open</Trans>}>
        <Trans>Betting on every match of this pool has ended.</Trans>
      </Empty>
    );
  const written = open.map(({ code }) => goals[code] ?? NO_GOALS);
  const ready = name.trim() !== "" && written.some((it) => scoreOf(it) !== undefined) && !written.some(isHalf);
  const { data: sent } = sending;
  const who = sent?.name ?? "";
  const bets = sent?.taken.map(({ code, home, away }) => `${code} ${home}:${away}`).join(", ") ?? "";
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) sending.mutate();
      }}
    >
      <TextField label={t`Your name`} value={name} onChange={setName} autoComplete="nickname" maxLength={32} />
      {open.map(({ code, home, away }) => (
        <fieldset key={code} className={styles.match}>
          <legend className={styles.code}>{code}</legend>
          <span className={styles.teams}>
            <Team team={home} />
            <Team team={away} />
          </span>
          <ScoreFields
            home={teamName(home)}
            away={teamName(away)}
            value={goals[code] ?? NO_GOALS}
            change={(value) => setGoals({ ...goals, [code]: value })}
          />
        </fieldset>
      ))}
      <Button type="submit" look="main" wide isDisabled={!ready || sending.isPending}>
        <Trans>Send Bets</Trans>
      </Button>
      <div role="status" className={styles.form}>
        {bets !== "" && (
          <Notice look="good">
            <p>
              <Trans>
                Sent: {bets}.{" "}
                <Link to="/classic" search={{ player: who }}>
                  Bets of {who}
                </Link>
              </Trans>
            </p>
          </Notice>
        )}
      </div>
      {sent?.error !== undefined && <Failure error={sent.error} />}
    </form>
  );
}
