import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";

import { isProblem } from "../node/client";
import { Quoted, Said } from "../words/Said";
import { isZone, zones, zonesLike } from "../words/time";
import { Button } from "./Button";
import { Choice } from "./Choice";
import { decoded } from "./decoded";
import { Failure } from "./Failure";
import styles from "./MatchSource.module.css";
import { Notice } from "./Notice";
import { TextField } from "./TextField";

/** Matches as a text or where they are, and what they may not say themselves. */
export interface Source {
  text?: string;
  url?: string;
  zone?: string;
  dates?: "day-month" | "month-day";
}

/** What the program calls matches whose source has no name for them. */
export const UNNAMED = "Fixtures";

type Place = "file" | "address" | "text";

/** What one source does not say itself, and another may. */
const NO_NEEDS = { zone: false, dates: false };

const code = (error: unknown): string => (isProblem(error) ? error.code : "");

/** How much of a line is shown. */
const MOST_OF_LINE = 60;

/** Why a list cannot be read: which line of it, where that is known. */
function Unread({ error, text }: { error: unknown; text: string | undefined }) {
  if (!isProblem(error) || error.line == null) return <Failure error={error} />;
  const { line } = error;
  const says = text?.split("\n")[line - 1]?.trim();
  return (
    <Notice look="bad">
      <p>
        {says === undefined ? (
          <Trans>Line {line} cannot be read.</Trans>
        ) : (
          <Trans>
            Line {line} cannot be read: “<Said says={says} most={MOST_OF_LINE} />”
          </Trans>
        )}
      </p>
      <p>
        {error.code === "no-teams" ? (
          <Trans>It names no two teams. Take it out, or write it such as “14 June 2030 19:00 Portugal v Spain”.</Trans>
        ) : (
          <Trans>Write it such as “14 June 2030 19:00 Portugal v Spain”, or take it out.</Trans>
        )}
      </p>
      {error.code !== "no-teams" && <Quoted says={error.detail} />}
    </Notice>
  );
}

/** Whose local time it is: any zone that this browser knows, found by a city. */
function Zone({ zone, wrong, choose }: { zone: string; wrong: boolean; choose: (zone: string) => void }) {
  const { t } = useLingui();
  const list = useId();
  return (
    <>
      <TextField
        label={t`Whose local time are these times?`}
        hint={
          zone.trim() === "" ? t`Needed before the list can be read: a city such as Lisbon` : t`Such as Europe/Lisbon`
        }
        value={zone}
        onChange={choose}
        autoComplete="off"
        list={list}
        error={wrong && <Trans>“{zone}” is no time zone.</Trans>}
      />
      <datalist id={list}>
        {zones().map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      {!isZone(zone.trim()) && (
        <div className={styles.near}>
          {zonesLike(zone).map((one) => (
            <Button key={one} look="quiet" onPress={() => choose(one)}>
              {one}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}

interface Props<Found> {
  label: string;
  places: readonly Place[];
  /** Whose times they may be: the reader's own where it is `null`, and empty where nothing is to be proposed. */
  zone: string | null;
  /** `anyway`: somebody was told what is odd about it, and wants it all the same. */
  read: (source: Source, anyway: boolean) => Promise<Found>;
  take: (found: Found) => void;
  /** What to say of an error, where it is not the node's own words; `again` reads the same anyway. */
  refused?: (error: unknown, again: () => void) => ReactNode;
}

/** A file of matches, its address, or what is pasted; and what it does not say itself, once that is asked for. */
export function MatchSource<Found>({ label, places, zone: usual, read, take, refused }: Props<Found>) {
  const { t } = useLingui();
  const [from, setFrom] = useState<Place>("file");
  const [text, setText] = useState("");
  const [url, setUrl] = useState("");
  const [zone, setZone] = useState(usual ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [dates, setDates] = useState<"day-month" | "month-day">("day-month");
  const [needs, setNeeds] = useState(NO_NEEDS);
  const sourceOf = (given: string, asked: typeof NO_NEEDS): Source => ({
    ...(from === "address" ? { url: url.trim() } : { text: given }),
    ...(asked.zone && { zone: zone.trim() }),
    ...(asked.dates && { dates }),
  });
  const reading = useMutation({
    mutationFn: ({ source, anyway = false }: { source: Source; anyway?: boolean }) => read(source, anyway),
    onSuccess: take,
    onError: (error) =>
      setNeeds((now) => ({
        zone: now.zone || code(error) === "zone-needed",
        dates: now.dates || code(error) === "dates-needed",
      })),
  });
  const asks = ["zone-needed", "dates-needed"].includes(code(reading.error));
  const tried = reading.error === null ? undefined : reading.variables.source;
  const [wrong, setWrong] = useState(false);
  const pick = (files: FileList | null): void => {
    void files?.[0]?.arrayBuffer().then((bytes) => {
      const content = decoded(new Uint8Array(bytes));
      setText(content);
      setNeeds(NO_NEEDS);
      reading.mutate({ source: sourceOf(content, NO_NEEDS) });
    });
  };
  const failed = tried !== undefined && !asks;
  const says = failed ? refused?.(reading.error, () => reading.mutate({ source: tried, anyway: true })) : undefined;
  const given = from === "address" ? url : text;
  const ready = given.trim() !== "" && (!needs.zone || zone.trim() !== "");
  const choices = [
    { value: "file" as const, says: <Trans>A file</Trans> },
    { value: "address" as const, says: <Trans>An address</Trans> },
    { value: "text" as const, says: <Trans>Pasted</Trans> },
  ];
  return (
    <div className={styles.source}>
      <Choice
        label={label}
        value={from}
        choose={setFrom}
        choices={choices.filter(({ value }) => places.includes(value))}
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
      {asks && !reading.isPending && (
        <Notice look="soon">
          <Trans>The list does not say everything. Answer this, then press “Read the matches” again.</Trans>
        </Notice>
      )}
      {needs.zone && (
        <Zone
          zone={zone}
          wrong={wrong}
          choose={(next) => {
            setZone(next);
            setWrong(false);
          }}
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
      {failed && (says ?? <Unread error={reading.error} text={tried.text} />)}
      {(from !== "file" || needs.zone || needs.dates) && (
        <Button
          isDisabled={!ready || reading.isPending}
          onPress={() => {
            const unknown = needs.zone && !isZone(zone.trim());
            setWrong(unknown);
            if (!unknown) reading.mutate({ source: sourceOf(text, needs) });
          }}
        >
          <Trans>Read the matches</Trans>
        </Button>
      )}
    </div>
  );
}
