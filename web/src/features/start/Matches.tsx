import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../design/Button";
import { MatchSource } from "../../design/MatchSource";
import { Notice } from "../../design/Notice";
import { matchName } from "../../design/teams";
import { useNow } from "../../node/clock";
import { Said } from "../../words/Said";
import { moment, seconds } from "../../words/time";
import { preview as look, type Begun, type Oddity, type Preview, type Shown } from "./first";
import styles from "./Start.module.css";

/** Matches shown until somebody wants all. */
const FEW = 6;

/** Odd things that are told, of each kind. */
const MOST_ODD = 20;

function Line({ match }: { match: Shown }) {
  const now_s = useNow(3600);
  return (
    <li className={styles.match}>
      <span>{matchName({ home: { name: match.home }, away: { name: match.away } })}</span>
      <span className={styles.soft}>
        {match.kickoff !== null ? moment(seconds(match.kickoff), now_s) : (match.date ?? <Trans>no date yet</Trans>)}
      </span>
    </li>
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

function Found({ preview, again }: { preview: Preview; again: () => void }) {
  const [all, setAll] = useState(false);
  const { matches } = preview;
  const rest = matches.length - FEW;
  const { odd, left_out, warnings } = preview;
  const named = new Map(matches.map((match) => [match.code, `${match.home} – ${match.away}`]));
  return (
    <>
      <ul className={styles.matches}>
        {(all ? matches : matches.slice(0, FEW)).map((match) => (
          <Line key={match.code} match={match} />
        ))}
      </ul>
      {!all && rest > 0 && (
        <Button look="quiet" onPress={() => setAll(true)}>
          <Plural value={rest} one="# more match" other="# more matches" />
        </Button>
      )}
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
        <Trans>Other matches</Trans>
      </Button>
    </>
  );
}

/** Which matches: a file, an address, or what is pasted; then what was read. */
export function Matches({
  begun,
  preview,
  take,
}: {
  begun: Begun;
  preview: Preview | undefined;
  take: (preview: Preview | undefined) => void;
}) {
  const { t } = useLingui();
  if (preview !== undefined)
    return (
      <section className={styles.question}>
        <h2 className={styles.label}>
          <Plural value={preview.matches.length} one="# match" other="# matches" />
        </h2>
        <Found preview={preview} again={() => take(undefined)} />
      </section>
    );
  return (
    <section className={styles.question}>
      <MatchSource
        label={t`Which matches?`}
        places={["file", "address", "text"]}
        zone={begun.zone}
        read={(source) => look(begun, source)}
        take={take}
      />
    </section>
  );
}
