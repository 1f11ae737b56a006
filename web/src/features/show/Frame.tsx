import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useEffectEvent, type CSSProperties, type ReactNode } from "react";

import { Button, buttonClass } from "../../design/Button";
import { cx } from "../../design/cx";
import { AgainIcon, CrossIcon } from "../../design/icons";
import silent from "../../design/Silent.module.css";
import { Stage } from "../../design/stage/Stage";
import { Badge, useColours, matchName, teamName } from "../../design/teams";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { back, Link } from "../../route";
import { roundName } from "../../words/rounds";
import { moment } from "../../words/time";
import styles from "./Show.module.css";
import { DWELL_MS, useNext } from "./useNext";

type Match = Shapes["MatchBody"];

/** Back to where one came from, by the cross or by Escape. */
function useClose(code: string): () => void {
  const close = (): void => back({ to: "/match/:code", params: { code }, replace: true });
  const escape = useEffectEvent(close);
  useEffect(() => {
    const press = ({ key }: KeyboardEvent): void => {
      if (key === "Escape") escape();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  return close;
}

const Side = ({ team }: { team: Match["home"] }) => (
  <span className={styles.team}>
    <span className={styles.flag}>
      <Badge team={team} />
    </span>
    <span className={styles.name}>{teamName(team)}</span>
  </span>
);

/** The way to the scene that follows. `turns`: it is taken after a while. */
function Next({ match, turns }: { match: Match; turns: boolean }) {
  const name = matchName(match);
  return (
    <Link
      to="/match/:code/show"
      params={{ code: match.code }}
      replace
      className={cx(buttonClass("flash", true), styles.next)}
      data-turns={turns || undefined}
      style={{ "--dwell": `${DWELL_MS}ms` } as CSSProperties}
    >
      <Trans>Next: {name}</Trans>
    </Link>
  );
}

interface Props {
  match: Match;
  /** What it is called. */
  title: string;
  /** When it was, in unix seconds. */
  at_s: number;
  /** Between the teams. */
  middle: ReactNode;
  /** Where it goes on; with it comes what shares the moment. */
  onward: ReactNode | undefined;
  share: ReactNode;
  again: (() => void) | undefined;
  style?: CSSProperties;
  children: ReactNode;
}

/** The stage of a match: its teams above, what happens below, and where to go on from there. */
export function Frame({ match, title, at_s, middle, onward, share, again, style, children }: Props) {
  const { t } = useLingui();
  const close = useClose(match.code);
  const when = moment(at_s, useNow(60));
  const { next, turns, stay } = useNext(match.code, onward !== undefined);
  return (
    <Stage colours={useColours(match.home, match.away)} className={styles.stage}>
      <div className={styles.show} style={style}>
        <h1 className={silent.silent}>{title}</h1>
        <header className={styles.top}>
          <Button look="quiet" aria-label={t`Close`} onPress={close}>
            <CrossIcon />
          </Button>
          <p className={styles.when}>
            {roundName(match.stage)} · {when}
          </p>
          {again === undefined ? (
            <span />
          ) : (
            <Button
              look="quiet"
              aria-label={t`Play again`}
              onPress={() => {
                stay();
                again();
              }}
            >
              <AgainIcon size={22} />
            </Button>
          )}
          <div className={styles.versus}>
            <Side team={match.home} />
            <div className={styles.middle}>{middle}</div>
            <Side team={match.away} />
          </div>
        </header>
        {children}
        <footer className={styles.foot}>
          {(next !== undefined || onward !== undefined) && (
            <div className={styles.late} data-share={onward !== undefined || undefined}>
              {next === undefined ? onward : <Next match={next.match} turns={turns} />}
              {onward !== undefined && share}
            </div>
          )}
        </footer>
      </div>
    </Stage>
  );
}
