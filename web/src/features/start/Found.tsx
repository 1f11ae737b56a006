import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Card } from "../../design/Card";
import { Notice } from "../../design/Notice";
import { Badge, teamName } from "../../design/teams";
import { useNow } from "../../node/clock";
import { Said } from "../../words/Said";
import { fromTo, moment, seconds } from "../../words/time";
import type { Oddity, Preview, Shown } from "./first";
import styles from "./Found.module.css";

/** Matches shown until somebody asks for all. */
const FEW = 8;

/** Odd things that are told, of each kind. */
const MOST_ODD = 20;

function When({ match: { kickoff, date } }: { match: Shown }) {
  const now_s = useNow(3600);
  if (kickoff !== null) return moment(seconds(kickoff), now_s);
  return date === null ? <Trans>no date yet</Trans> : fromTo(date, date);
}

function Line({ match }: { match: Shown }) {
  const [home, away] = [{ name: match.home }, { name: match.away }];
  return (
    <tr>
      <th scope="row">
        <When match={match} />
      </th>
      <td>
        <span className={styles.teams}>
          <Badge team={home} />
          <span>
            {teamName(home)} – {teamName(away)}
          </span>
          <Badge team={away} />
        </span>
      </td>
    </tr>
  );
}

/** Matches as they were understood: the first few, and all on tap. */
export function Understood({ matches }: { matches: readonly Shown[] }) {
  const [all, setAll] = useState(false);
  const rest = matches.length - FEW;
  return (
    <>
      <Card>
        <table className={styles.matches}>
          <tbody>
            {(all ? matches : matches.slice(0, FEW)).map((match) => (
              <Line key={match.code} match={match} />
            ))}
          </tbody>
        </table>
      </Card>
      {!all && rest > 0 && (
        <Button look="quiet" onPress={() => setAll(true)}>
          <Plural value={rest} one="# more match" other="# more matches" />
        </Button>
      )}
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
          {home} – {away} is listed more than once.
        </Trans>
      );
    }
    case "names_alike": {
      const [one, other] = is.names;
      return (
        <Trans>
          “{one}” and “{other}” differ by one letter. Are they two teams?
        </Trans>
      );
    }
    case "past":
      return (
        <Plural value={is.matches} one="# match has already kicked off." other="# matches have already kicked off." />
      );
    case "day_begun":
      return (
        <Plural
          value={is.matches}
          one="# match is today or earlier and has no time, so nobody can tip it."
          other="# matches are today or earlier and have no time, so nobody can tip them."
        />
      );
    case "no_time":
      return (
        <Plural
          value={is.matches}
          one="The kick-off of # match isn’t fixed yet: tips close when its day begins, until an organiser sets the time."
          other="The kick-offs of # matches aren’t fixed yet: tips close when their day begins, until an organiser sets the time."
        />
      );
    case "no_day":
      return <Plural value={is.matches} one="# match has no date." other="# matches have no date." />;
  }
}

/** What is odd about matches that were read; `mended` stands elsewhere. */
export function Oddities({ preview, mended = [] }: { preview: Preview; mended?: readonly string[] }) {
  const { competition, copy, matches, warnings } = preview;
  const day = copy && fromTo(copy, copy);
  // A league tells its times some weeks ahead: nothing is odd about it.
  const usual = preview.odd.filter(({ odd }) => competition !== undefined && (odd === "no_time" || odd === "no_day"));
  const odd = preview.odd.filter((one) => !usual.includes(one));
  const left = preview.left_out.filter((entry) => !mended.includes(entry));
  const named = new Map(matches.map((match) => [match.code, `${match.home} – ${match.away}`]));
  return (
    <>
      {day && (
        <p className={styles.soft}>
          <Trans>
            No newer list can be read now. These are the matches as of {day}: kick-offs may have moved since.
          </Trans>
        </p>
      )}
      {usual.map((one) => (
        <p key={one.odd} className={styles.soft}>
          <Odd is={one} />
        </p>
      ))}
      {odd.length + left.length + warnings.length > 0 && (
        <Notice look="soon">
          <p>
            <Trans>Worth a look:</Trans>
          </p>
          <ul className={styles.sentences}>
            {odd.slice(0, MOST_ODD).map((one) => (
              <li key={JSON.stringify(one)}>
                <Odd is={one} />
              </li>
            ))}
            {left.slice(0, MOST_ODD).map((entry) => (
              <li key={entry}>
                <Trans>Not a match, left out: “{entry}”</Trans>
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
    </>
  );
}
