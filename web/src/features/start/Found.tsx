import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { matchName } from "../../design/teams";
import { useNow } from "../../node/clock";
import { Said } from "../../words/Said";
import { civilDay, fromTo, moment, seconds } from "../../words/time";
import type { Competition, Oddity, Preview, Shown } from "./first";
import { extent } from "./extent";
import styles from "./Start.module.css";

/** Matches shown until somebody wants all. */
const FEW = 6;

/** Odd things that are told, of each kind. */
const MOST_ODD = 20;

function When({ match: { kickoff, date } }: { match: Shown }) {
  const now_s = useNow(3600);
  if (kickoff !== null) return moment(seconds(kickoff), now_s);
  return date === null ? <Trans>no date yet</Trans> : fromTo(date, date);
}

function Line({ match }: { match: Shown }) {
  return (
    <li className={styles.match}>
      <span>{matchName({ home: { name: match.home }, away: { name: match.away } })}</span>
      <span className={styles.soft}>
        <When match={match} />
      </span>
    </li>
  );
}

const Lines = ({ matches }: { matches: Shown[] }) => (
  <ul className={styles.matches}>
    {matches.map((match) => (
      <Line key={match.code} match={match} />
    ))}
  </ul>
);

/** The first few, and all for whoever wants them. */
function FewLines({ matches }: { matches: Shown[] }) {
  const [all, setAll] = useState(false);
  const rest = matches.length - FEW;
  return (
    <>
      <Lines matches={all ? matches : matches.slice(0, FEW)} />
      {!all && rest > 0 && (
        <Button look="quiet" onPress={() => setAll(true)}>
          <Plural value={rest} one="# more match" other="# more matches" />
        </Button>
      )}
    </>
  );
}

/** How much there is to tip of a competition, and when; the matches folded up. */
function Extent({ of, matches }: { of: Competition; matches: Shown[] }) {
  const [open, setOpen] = useState(false);
  const now_s = useNow(3600);
  const { rounds, first, last } = extent(matches);
  return (
    <>
      <p>
        <Plural value={matches.length} one="# match" other="# matches" />
        {rounds > 1 && (
          <>
            {" · "}
            <Plural value={rounds} one="# round" other="# rounds" />
          </>
        )}
        {first !== undefined && last !== undefined && (
          <>
            <br />
            {fromTo(first, last)}
          </>
        )}
      </p>
      {of.begins < civilDay(now_s) && (
        <p className={styles.soft}>
          <Trans>Matches that have kicked off are left out.</Trans>
        </p>
      )}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={styles.fold}>
          <Trans>Show the matches</Trans>
        </summary>
        {open && <Lines matches={matches} />}
      </details>
    </>
  );
}

function Odd({ is }: { is: Oddity }) {
  switch (is.odd) {
    case "twice_in_a_day": {
      const { team, date } = is;
      return (
        <Trans>
          {team} plays more than once on {date}.
        </Trans>
      );
    }
    case "same_match": {
      const [home, away] = is.teams;
      return (
        <Trans>
          {home} – {away} stands there more than once.
        </Trans>
      );
    }
    case "names_alike": {
      const [one, other] = is.names;
      return (
        <Trans>
          “{one}” and “{other}” differ by a letter: are they two teams?
        </Trans>
      );
    }
    case "past":
      return <Plural value={is.matches} one="# match has begun already." other="# matches have begun already." />;
    case "day_begun":
      return (
        <Plural
          value={is.matches}
          one="# match is of today or before and has no time: nobody can tip it."
          other="# matches are of today or before and have no time: nobody can tip them."
        />
      );
    case "no_time":
      return (
        <Plural value={is.matches} one="# match has a day and no time." other="# matches have a day and no time." />
      );
    case "no_day":
      return <Plural value={is.matches} one="# match has no day." other="# matches have no day." />;
  }
}

/** What was read, what is odd about it, and the way to others. */
export function Found({ preview, again }: { preview: Preview; again: () => void }) {
  const { competition, matches, left_out, warnings } = preview;
  // A league tells its times some weeks ahead: nothing is odd about it.
  const usual = preview.odd.filter(({ odd }) => competition !== undefined && (odd === "no_time" || odd === "no_day"));
  const odd = preview.odd.filter((one) => !usual.includes(one));
  const named = new Map(matches.map((match) => [match.code, `${match.home} – ${match.away}`]));
  return (
    <>
      <h2 className={styles.label}>
        {competition?.name ?? <Plural value={matches.length} one="# match" other="# matches" />}
      </h2>
      {competition === undefined ? <FewLines matches={matches} /> : <Extent of={competition} matches={matches} />}
      {usual.map((one) => (
        <p key={one.odd} className={styles.soft}>
          <Odd is={one} />
        </p>
      ))}
      {odd.length + left_out.length + warnings.length > 0 && (
        <Notice look="soon">
          <p>
            <Trans>Odd about these matches:</Trans>
          </p>
          <ul className={styles.sentences}>
            {odd.slice(0, MOST_ODD).map((one) => (
              <li key={JSON.stringify(one)}>
                <Odd is={one} />
              </li>
            ))}
            {left_out.slice(0, MOST_ODD).map((entry) => (
              <li key={entry}>
                <Trans>No match, and left out: “{entry}”.</Trans>
              </li>
            ))}
            {warnings.slice(0, MOST_ODD).map(({ code, says }) => (
              <li key={`${code} ${says}`}>
                {named.get(code)}:{" "}
                <span lang="en">
                  <Said says={says} />
                </span>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Button onPress={again}>
        {competition === undefined ? <Trans>Other matches</Trans> : <Trans>Another competition</Trans>}
      </Button>
    </>
  );
}
