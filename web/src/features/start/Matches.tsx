import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Choice } from "../../design/Choice";
import { Failure } from "../../design/Failure";
import { Notice } from "../../design/Notice";
import { TextField } from "../../design/TextField";
import { isProblem } from "../../node/client";
import { useNow } from "../../node/clock";
import { moment, seconds } from "../../words/time";
import { isZone, preview as look, type Begun, type Oddity, type Preview, type Shown, type Source } from "./first";
import styles from "./Start.module.css";

/** Matches shown until somebody wants all. */
const FEW = 6;

/** What one source does not say itself, and another may. */
const NO_NEEDS = { zone: false, dates: false };

/** Odd things that are told, of each kind. */
const MOST_ODD = 20;

const code = (error: unknown): string => (isProblem(error) ? error.code : "");

function Line({ match }: { match: Shown }) {
  const now_s = useNow(3600);
  return (
    <li className={styles.match}>
      <span>
        {match.home} – {match.away}
      </span>
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
  const { odd, left_out } = preview;
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
      {odd.length + left_out.length > 0 && (
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
  const [from, setFrom] = useState<"file" | "address" | "text">("file");
  const [text, setText] = useState("");
  const [url, setUrl] = useState("");
  const [zone, setZone] = useState(begun.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [dates, setDates] = useState<"day-month" | "month-day">("day-month");
  const [needs, setNeeds] = useState(NO_NEEDS);
  const reading = useMutation({
    mutationFn: ({ text: given, needs, zone }: { text: string; needs: typeof NO_NEEDS; zone: string }) => {
      const source: Source = {
        ...(from === "address" ? { url: url.trim() } : { text: given }),
        ...(needs.zone && { zone }),
        ...(needs.dates && { dates }),
      };
      return look(begun, source);
    },
    onSuccess: take,
    onError: (error) =>
      setNeeds((now) => ({
        zone: now.zone || code(error) === "zone-needed",
        dates: now.dates || code(error) === "dates-needed",
      })),
  });
  const asks = ["zone-needed", "dates-needed"].includes(code(reading.error));
  const refused = reading.error === null ? "" : reading.variables.zone;
  const noZone = refused !== "" && needs.zone && !isZone(refused);
  const pick = (files: FileList | null): void => {
    void files?.[0]?.text().then((read) => {
      setText(read);
      setNeeds(NO_NEEDS);
      reading.mutate({ text: read, needs: NO_NEEDS, zone: "" });
    });
  };
  const ready = from === "address" ? url.trim() !== "" : text.trim() !== "";
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
      <Choice
        label={t`Which matches?`}
        value={from}
        choose={setFrom}
        choices={[
          { value: "file", says: <Trans>A file</Trans> },
          { value: "address", says: <Trans>An address</Trans> },
          { value: "text", says: <Trans>Pasted</Trans> },
        ]}
      />
      {from === "file" && (
        <label className={styles.file}>
          <span>
            <Trans>Choose a calendar, a table or JSON</Trans>
          </span>
          <input
            type="file"
            accept=".ics,.csv,.tsv,.txt,.json,text/*,application/json"
            onChange={(event) => pick(event.target.files)}
          />
        </label>
      )}
      {from === "address" && (
        <TextField label={t`Address`} value={url} onChange={setUrl} type="url" placeholder="https://" />
      )}
      {from === "text" && (
        <TextField label={t`Matches, one a line`} value={text} onChange={setText} rows={6} spellCheck="false" />
      )}
      <p className={styles.soft}>
        <Trans>
          A league’s calendar, a spreadsheet with date, time and both teams, or lines such as “14 June 2030 19:00
          Portugal v Spain”.
        </Trans>
      </p>
      {needs.zone && (
        <TextField
          label={t`Whose local time are these times?`}
          hint={t`Such as Europe/Lisbon`}
          value={zone}
          onChange={setZone}
          error={noZone && <Trans>“{refused}” is no time zone.</Trans>}
        />
      )}
      {needs.dates && (
        <Choice
          label={t`What is first in 05/06?`}
          value={dates}
          choose={setDates}
          choices={[
            { value: "day-month", says: <Trans>The day</Trans> },
            { value: "month-day", says: <Trans>The month</Trans> },
          ]}
        />
      )}
      {reading.error !== null && !asks && !noZone && <Failure error={reading.error} />}
      {(from !== "file" || needs.zone || needs.dates) && (
        <Button
          isDisabled={!ready || reading.isPending}
          onPress={() => reading.mutate({ text, needs, zone: zone.trim() })}
        >
          <Trans>Read the matches</Trans>
        </Button>
      )}
    </section>
  );
}
