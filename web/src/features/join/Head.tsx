import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Disc, Pile, type Person } from "../../design/people";
import { Pill } from "../../design/Pill";
import { Stage } from "../../design/stage/Stage";
import { Badge, teamName } from "../../design/teams";
import type { Shapes } from "../../node/client";
import { usePlayers } from "../../node/queries";
import { moment, seconds, span } from "../../words/time";
import styles from "./Head.module.css";
import type { comingOf } from "./join";

type Coming = ReturnType<typeof comingOf<Shapes["MatchBody"]>>;

/** What is said where no match has a kick-off to come. */
function Instead({ of }: { of: Extract<Coming, string> }) {
  switch (of) {
    case "none-yet":
      return <Trans>No matches yet</Trans>;
    case "no-date":
      return <Trans>The next match has no kick-off time yet</Trans>;
    case "under-way":
      return <Trans>The last match has kicked off</Trans>;
    case "over":
      return <Trans>All matches are finished</Trans>;
  }
}

/** So many signs two teams may have for the large letters. */
const LONG = 26;

/** The match that comes next, and how long until then. */
function Next({ of, first, now_s }: { of: Coming | undefined; first: boolean; now_s: number }) {
  if (of === undefined || typeof of === "string")
    return <p className={styles.next}>{of !== undefined && <Instead of={of} />}</p>;
  const at_s = seconds(of.kickoff ?? "");
  const when = moment(at_s, now_s);
  const [home, away] = [teamName(of.home), teamName(of.away)];
  return (
    <div className={styles.next}>
      <p className={styles.when}>
        <span>{first ? <Trans>First match · {when}</Trans> : <Trans>Next match · {when}</Trans>}</span>
        <Pill look="flash">
          <span className={styles.left}>{span(at_s - now_s)}</span>
        </Pill>
      </p>
      <p className={styles.teams} data-long={home.length + away.length > LONG || undefined}>
        <Badge team={of.home} />
        <span className={styles.team}>{home}</span>
        <span className={styles.dash}>–</span>
        <span className={styles.team}>{away}</span>
        <Badge team={of.away} />
      </p>
    </div>
  );
}

/** How large a name is written: one word must fit its line, and all of it three. */
function sizeOf(name: string): "large" | "middle" | "small" {
  const longest = Math.max(...name.split(/\s+/).map((word) => word.length));
  if (name.length > 34 || longest > 16) return "small";
  return name.length > 20 || longest > 11 ? "middle" : "large";
}

interface Props {
  name: string | undefined;
  /** What the node calls it, which takes its room and is not shown. */
  claim: string;
  inviter: Person | undefined;
  /** How many play; `undefined` where the node does not show it. */
  all: number | undefined;
  /** `null` where the node does not show it. */
  next: Coming | undefined | null;
  /** Whether no match has begun. */
  first: boolean;
  now_s: number;
  /** What takes the place of who invites. */
  instead?: ReactNode;
}

/** The stage: who invites to what, who is in, and what is played next. */
export function Head({ name, claim, inviter, all, next, first, now_s, instead }: Props) {
  const { data: players = [] } = usePlayers();
  const called = inviter?.name;
  const shown = [...players].sort((one, other) => rank(one, inviter) - rank(other, inviter));
  return (
    <Stage head className={styles.head}>
      <p className={styles.who}>
        {inviter !== undefined && (
          <>
            <Disc person={inviter} />
            <Trans>{called} invites you</Trans>
          </>
        )}
        {instead}
      </p>
      <h1 className={styles.name} data-size={sizeOf(name ?? claim)}>
        {name ?? (
          <span className={styles.room} aria-hidden="true">
            {claim}
          </span>
        )}
      </h1>
      {all !== undefined && (
        <p className={styles.people}>
          <Pile people={shown} size={32} most={shown.length > 8 ? 7 : 8} all={players.length === 0 ? 0 : all} />
          <span>
            <Plural value={all} one="# is in" other="# are in" />
          </span>
        </p>
      )}
      {next !== null && <Next of={next} first={first} now_s={now_s} />}
    </Stage>
  );
}

/** Who invites comes first. */
const rank = ({ account }: Person, inviter: Person | undefined): number => (account === inviter?.account ? 0 : 1);
