import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { CrownIcon } from "../../design/icons";
import { Disc, personOf } from "../../design/people";
import silent from "../../design/Silent.module.css";
import { Link } from "../../route";
import type { Won } from "../../sentences/fullTime";
import { Names, namesOf } from "../../words/Names";
import { roundName } from "../../words/rounds";
import styles from "./RoundWon.module.css";

/** Names of rounds that take no article: "Matchday 3". */
const COUNTED = /^(?!Round of).*\d/;

interface Props {
  won: Won;
  /** The round that is played next, and how many matches it still has. */
  next?: { stage: string; left: number } | undefined;
  /** Whether it was the last one. */
  all?: boolean;
}

/** Who won a round, or all of them. */
export function Says({ who, stage, all }: { who: ReactNode; stage: string; all: boolean }) {
  const round = roundName(stage);
  if (all) return <Trans>{who} won the pool</Trans>;
  return COUNTED.test(stage) ? (
    <Trans>
      {who} won {round}
    </Trans>
  ) : (
    <Trans>
      {who} won the {round}
    </Trans>
  );
}

/** Who won the last round that is over, in gold. */
export function RoundWon({ won: { stage, winners }, next, all = false }: Props) {
  const [first] = winners;
  if (first === undefined) return null;
  const points = first.points;
  return (
    <section className={styles.won}>
      <span className={styles.heads}>
        {winners.slice(0, 3).map(({ player }) => (
          <span key={player.account} className={styles.crowned}>
            <Disc person={personOf(player)} size={winners.length > 1 ? 40 : 48} />
            <CrownIcon size={20} />
          </span>
        ))}
      </span>
      <p className={styles.says}>
        <strong>
          <Says who={<Names players={winners.map(({ player }) => player)} />} stage={stage} all={all} />
        </strong>
        <span>
          <Plural value={points} one="# point" other="# points" />
          {winners.length === 1 && first.exact > 0 && (
            <>
              {", "}
              <Plural value={first.exact} one="# exact score" other="# exact scores" />
            </>
          )}
        </span>
      </p>
      {next !== undefined && next.left > 0 && (
        <p className={styles.next}>
          {roundName(next.stage)}
          <b>
            <Plural value={next.left} one="# to play" other="# to play" />
          </b>
        </p>
      )}
    </section>
  );
}

/** How many rounds a player won, as crowns behind the name. */
export function Crowns({ rounds }: { rounds: number }) {
  if (rounds === 0) return null;
  return (
    <span className={styles.crowns} data-many={rounds > 1 || undefined}>
      <CrownIcon size={14} />
      <span aria-hidden="true">{rounds > 1 && rounds}</span>
      <span className={silent.silent}>
        <Plural value={rounds} one="# round won" other="# rounds won" />
      </span>
    </span>
  );
}

/** Every round that is over, with who won it; the latest first. */
export function Winners({ won }: { won: readonly Won[] }) {
  return (
    <ul className={styles.list}>
      {[...won].reverse().map(({ stage, winners }) => (
        <li key={stage} className={styles.line}>
          <span className={styles.discs}>
            {winners.slice(0, 2).map(({ player }) => (
              <Disc key={player.account} person={personOf(player)} size={24} />
            ))}
          </span>
          <Link to="/table" search={{ round: stage }} className={styles.round}>
            {roundName(stage)}
          </Link>
          <span className={styles.winner}>{namesOf(winners.map(({ player }) => player))}</span>
          <b className={styles.points}>{winners[0]?.points}</b>
        </li>
      ))}
    </ul>
  );
}
