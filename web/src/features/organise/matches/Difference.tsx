import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { matchName, teamName } from "../../../design/teams";
import { useNotice } from "../../../keys/useOpened";
import { useNow } from "../../../node/clock";
import { useMatches } from "../../../node/queries";
import { Rest, Score } from "../../../sentences/Outcome";
import { exactTime, moment, seconds, span } from "../../../words/time";
import { roundName } from "../../../words/rounds";
import styles from "../Organise.module.css";
import type { Match } from "../outcome";
import type { Change, Part, Team } from "./reimport";

/** What a list says of a match that it moves, fills in or adds. */
export function Difference({ part, of }: { part: Part; of: Match | undefined }) {
  const now_s = useNow(60);
  const when = (at_s: number | null | undefined): ReactNode =>
    at_s == null ? <Trans>no date</Trans> : moment(at_s, now_s);
  switch (part.is) {
    case "new": {
      const { stage, code, kickoff, home, away } = part.fixture;
      const codes = [home, away].flatMap((team) => team.code ?? []);
      return (
        <p>
          <strong>
            <Trans>New</Trans>
          </strong>{" "}
          · {when(kickoff)} · {roundName(stage)} · <span className={styles.soft}>{[code, ...codes].join(" · ")}</span>
        </p>
      );
    }
    case "moved": {
      const alike = part.from !== null && part.to !== null && moment(part.from, now_s) === moment(part.to, now_s);
      const call = (at_s: number | null): ReactNode => (alike && at_s !== null ? exactTime(at_s) : when(at_s));
      const [from, to] = [<s key="from">{call(part.from)}</s>, <strong key="to">{call(part.to)}</strong>];
      return (
        <p>
          <Trans>
            Kick-off: from {from} to {to}
          </Trans>
        </p>
      );
    }
    case "teams": {
      const [from, to] = apart(part.from, part.to);
      return (
        <p>
          <Trans>
            Teams: from <s>{from}</s> to <strong>{to}</strong>
          </Trans>
        </p>
      );
    }
    case "round":
    case "code":
      return (
        <p>
          <s className={styles.was}>{part.from}</s> <strong>{part.to}</strong>
        </p>
      );
    case "day": {
      if (part.to === null)
        return (
          <p>
            <Trans>The day is removed</Trans>
          </p>
        );
      const [begins, ends] = [when(part.to.begins), when(part.to.ends)];
      return (
        <p>
          {part.from !== null && (
            <s className={styles.was}>
              {when(part.from.begins)} – {when(part.from.ends)}
            </s>
          )}{" "}
          <Trans>
            On the day from <strong>{begins}</strong> to <strong>{ends}</strong>
          </Trans>
        </p>
      );
    }
    case "result":
      return (
        of !== undefined && (
          <>
            <p>
              {part.corrects !== null && (
                <s className={styles.was}>
                  <Score outcome={part.corrects} />
                </s>
              )}{" "}
              <Score outcome={part.outcome} />
            </p>
            <Rest match={of} outcome={part.outcome} />
          </>
        )
      );
  }
}

const written = ({ name, code }: Team): string => (code === undefined ? name : `${name} (${code})`);

/** Two pairs of teams, so that they can be told apart: as the reader calls them, else as they are written. */
function apart(from: [Team, Team], to: [Team, Team]): [string, string] {
  for (const call of [teamName, ({ name }: Team) => name, written]) {
    const [before, after] = [from, to].map((teams) => teams.map(call).join(" – ")) as [string, string];
    if (before !== after) return [before, after];
  }
  return [from, to].map((teams) => teams.map(written).join(" – ")) as [string, string];
}

/** What a match is called that a list changes. */
export function nameOfChange({ before, steps, teams, code }: Change): string {
  const first = steps[0]?.parts[0];
  const fixture = before ?? (first?.is === "new" ? first.fixture : undefined);
  if (fixture !== undefined) return matchName(fixture);
  const [home, away] = teams ?? [];
  return home === undefined || away === undefined ? code : matchName({ home: { name: home }, away: { name: away } });
}

/** Says that tips on a match would not count any more. */
export function TooLate({ bets }: { bets: number }) {
  const notice = span(useNotice());
  return (
    <>
      <Trans>Then tips on this match don’t count: it would be open like this for less than {notice}.</Trans>{" "}
      {bets > 0 && (
        <Plural
          value={bets}
          one="# tip is lost, and its stake is returned."
          other="# tips are lost, and their stakes are returned."
        />
      )}
    </>
  );
}

/** Why somebody has to look at a match first, and what to do then. */
export function Doubtful({ doubt }: { doubt: NonNullable<Change["doubt"]> }) {
  const now_s = useNow(60);
  const named = useNames();
  switch (doubt.why) {
    case "other_teams": {
      const [pool, list] = [doubt.pool.join(" – "), doubt.file.join(" – ")];
      return (
        <Trans>
          The pool has {pool}, the list has {list}. If the list is right, change the teams under “Upcoming matches”.
        </Trans>
      );
    }
    case "no_time": {
      const { date } = doubt;
      return (
        <Trans>
          The list gives {date} but no time, so tips would never close. Add a kick-off time under “Upcoming matches” or
          in the list.
        </Trans>
      );
    }
    case "other_day": {
      const [date, kickoff] = [doubt.date, moment(seconds(doubt.kickoff), now_s)];
      return (
        <Trans>
          The list gives {date} without a time, the pool has {kickoff}. If the list is right, change the kick-off under
          “Upcoming matches”.
        </Trans>
      );
    }
    case "twin": {
      const other = named(doubt.code);
      return doubt.turned ? (
        <Trans>This is {other} with its teams the other way round. It isn’t added.</Trans>
      ) : (
        <Trans>The same teams already meet in {other} within 36 hours. It isn’t added.</Trans>
      );
    }
    case "perhaps": {
      const other = named(doubt.code);
      return (
        <Trans>
          This may be {other}, whose teams were not known yet. If so, change the teams of {other} under “Upcoming
          matches”. If it’s a different match, tick it here.
        </Trans>
      );
    }
    case "alike": {
      const { name, meant } = doubt;
      return (
        <Trans>
          “{name}” looks like a typo of {meant}. If so, correct the list. If it’s another team, tick it here.
        </Trans>
      );
    }
    case "late":
      return <TooLate bets={doubt.bets} />;
    case "full": {
      const { room } = doubt;
      return <Trans>The pool is full: it can hold {room} matches.</Trans>;
    }
    case "who_goes_on":
      return <Trans>Points are given for who advances, which the list does not say. Enter this result yourself.</Trans>;
    case "no_record":
      return (
        <>
          <Trans>The score on the list is impossible:</Trans> <span lang="en">{doubt.reason}</span>
        </>
      );
  }
}

/** Says a match of the pool by its teams, of which only the code is known. */
export function useNames(): (code: string) => string {
  const { data: matches } = useMatches();
  return (code) => {
    const match = matches?.find((it) => it.code === code);
    return match === undefined ? code : matchName(match);
  };
}

/** Why the rules leave a match as it is. */
export function Forbidden({ change: { verdict, refused } }: { change: Change }) {
  if (verdict === "strange")
    return <Trans>The pool’s computer proposes something this page doesn’t know. It can’t be confirmed here.</Trans>;
  switch (refused?.code) {
    case "match-started":
      return <Trans>It has kicked off, so its kick-off and teams can’t be changed.</Trans>;
    case "kickoff-in-the-past":
      return <Trans>The kick-off on the list has already passed, so the match can’t be moved there.</Trans>;
    case "result-too-early":
      return <Trans>This match hasn’t kicked off yet.</Trans>;
    case "result-final":
      return <Trans>This result is final and can’t be changed any more.</Trans>;
    default:
      return <span lang="en">{refused?.detail}</span>;
  }
}
