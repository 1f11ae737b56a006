import { Trans, useLingui } from "@lingui/react/macro";
import type { CSSProperties, KeyboardEvent } from "react";

import { cx } from "../../design/cx";
import { Badge, useColours, matchName, teamName } from "../../design/teams";
import { TipExtras, WrittenExtras } from "../../extras";
import { isWhole, type Draft, type Side } from "../../identity/drafts/draft";
import { useCounts } from "../../sentences/useCounts";
import { Closes } from "./Closes";
import styles from "./Editor.module.css";
import { Foot } from "./Foot";
import type { OpenProps } from "./OpenRow";
import { Stake } from "./Stake";
import { MOST_GOALS, stepped, typed } from "./stepper";
import { Stepper } from "./Stepper";
import { Who } from "./Who";
import { writerOf, writtenOf } from "./write";

/** A match in which one writes. `large`: a card of its own, for the one that closes next. */
export function Editor(props: OpenProps & { large?: boolean; close?: (() => void) | undefined }) {
  const { pool, match, players, tip, draft, limits, staked, large = false, close } = props;
  const written = writtenOf(props);
  const write = writerOf(props);
  const counts = useCounts(match);
  const [home, away] = useColours(match.home, match.away);
  // While nobody stakes, chips are offered only to who opens a tip that stands: somebody has to be the first.
  const offers = staked || (tip !== undefined && !large);
  const staking = offers && written !== undefined && isWhole(written) && (limits?.stake_max ?? 0) > 0;
  const escape = ({ key }: KeyboardEvent): void => {
    if (key === "Escape") close?.();
  };
  return (
    <div
      className={cx(styles.editor, large && styles.large)}
      style={{ "--home": home, "--away": away } as CSSProperties}
      role="group"
      aria-label={matchName(match)}
      tabIndex={-1}
      onKeyDown={escape}
    >
      <div className={styles.facts}>
        <Closes match={match} />
        <Who match={match} players={players} pile={large} />
        <TipExtras pool={pool} match={match} tip={tip} draft={draft} roomy />
      </div>
      <div className={styles.sides}>
        <Goals which="home" match={match} written={written} write={write} />
        <span className={styles.colon} aria-hidden="true">
          :
        </span>
        <Goals which="away" match={match} written={written} write={write} />
      </div>
      <WrittenExtras pool={pool} match={match} written={written} write={write} />
      {counts.length > 0 && <p className={styles.counts}>{counts.join(" · ")}</p>}
      <Foot {...props} close={close}>
        {staking && (
          <Stake
            stake={written.stake}
            least={limits?.stake_min ?? 0}
            most={limits?.stake_max ?? 0}
            put={(stake) => write({ ...written, stake })}
          />
        )}
        {match.pot > 0 && <Pot chips={match.pot} />}
      </Foot>
    </div>
  );
}

const Pot = ({ chips }: { chips: number }) => (
  <span>
    <Trans>{chips} chips in the pot</Trans>
  </span>
);

interface GoalsProps {
  which: Side;
  match: OpenProps["match"];
  written: Draft | undefined;
  write: (next: Draft) => void;
}

function Goals({ which, match, written, write }: GoalsProps) {
  const { t } = useLingui();
  const side = match[which];
  const team = teamName(side);
  return (
    <div className={styles.side}>
      <Badge team={side} />
      <span className={styles.name}>{team}</span>
      <Stepper
        label={t`Goals of ${team}`}
        less={t`One goal less for ${team}`}
        more={t`One goal more for ${team}`}
        value={written?.[which] ?? null}
        least={0}
        most={MOST_GOALS}
        step={(by) => write(stepped(written, which, by))}
        type={(text) => write(typed(written, which, text))}
      />
    </div>
  );
}
