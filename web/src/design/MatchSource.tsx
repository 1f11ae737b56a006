import { Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState, type DragEvent, type ReactNode } from "react";

import { isProblem } from "../node/client";
import { isZone } from "../words/time";
import { Button } from "./Button";
import { Choice } from "./Choice";
import { Doubts } from "./Doubts";
import { Failure } from "./Failure";
import { Notice } from "./Notice";
import styles from "./MatchSource.module.css";
import { useReading, withLine, type Source } from "./reading";
import silent from "./Silent.module.css";
import { TextField } from "./TextField";
import { type Hidden, Unseen } from "./Unseen";
import { Zone } from "./Zone";

export type { Source } from "./reading";

/** The text of a file, and what is hidden in it: each is empty, or a list such as `5, 9–12`. */
export interface ListText {
  text: string;
  unseen: Hidden;
}

/** What the program calls matches whose source has no name for them. */
export const UNNAMED = "Fixtures";

/** What one source does not say itself, and another may. */
const NO_NEEDS = { zone: false, dates: false };

const code = (error: unknown): string => (isProblem(error) ? error.code : "");

/** Whether the same would be refused again. */
const isRefusal = (error: unknown): boolean => isProblem(error) && error.status < 500;

/** Lines with these words are the doubtful ones. */
function linesOf(text: string, words: readonly string[]): { line: number; reason: string }[] {
  const lines = text.split("\n").map((line) => line.trim());
  return words.flatMap((says) => {
    const at = lines.findIndex((line) => line !== "" && line === says);
    return at < 0 ? [] : [{ line: at + 1, reason: "" }];
  });
}

function Failed({ error }: { error: unknown }) {
  if (!isProblem(error) || error.status !== 413) return <Failure error={error} />;
  return (
    <Notice look="bad">
      <Trans>This file is too long. Choose one under a megabyte that contains only the matches.</Trans>
    </Notice>
  );
}

interface Props<Found> {
  /** Whether a list may be read from the web. */
  web?: boolean;
  /** Whose times they are proposed to be: the reader's own, by this browser, where it is absent; empty where nothing is proposed. */
  zone?: string;
  /** `anyway`: somebody was told what is odd about it, and wants it all the same. */
  read: (source: Source, anyway: boolean) => Promise<Found>;
  /** The text of a file, and what nobody sees of it. */
  textOf: (file: Blob) => Promise<ListText>;
  /** What was understood. */
  understood: (found: Found) => ReactNode;
  /** Lines of the text that were taken for no match. */
  leftOut?: (found: Found) => readonly string[];
  take: (found: Found) => void;
  /** What takes what was understood. */
  go: (found: Found) => ReactNode;
  /** What to say of an error, where it is not the node's own words; `again` reads the same anyway. */
  refused?: (error: unknown, again: () => void) => ReactNode;
}

/** A list of matches, pasted, of a file or of the web: read while it is typed, with what was understood beside it. */
export function MatchSource<Found>(props: Props<Found>) {
  const { web = false, zone: usual, read, textOf, understood, leftOut, take, go, refused } = props;
  const { t } = useLingui();
  const [text, setText] = useState("");
  const [typed, setTyped] = useState<string>();
  const [url, setUrl] = useState("");
  const [zone, setZone] = useState(usual ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [dates, setDates] = useState<"day-month" | "month-day">("day-month");
  const [needs, setNeeds] = useState(NO_NEEDS);
  const [anyway, setAnyway] = useState(false);
  const [tries, setTries] = useState(0);
  const [unread, setUnread] = useState<unknown>();
  const [opening, setOpening] = useState(false);
  const [hidden, setHidden] = useState<Hidden>();
  // What is written or chosen later is what counts.
  const latest = useRef(0);
  const given = url === "" ? text.trim() !== "" && { text } : { url };
  const knowsZone = isZone(zone.trim()) && zone.trim() !== "";
  const source = given !== false &&
    (!needs.zone || knowsZone) && {
      ...given,
      ...(needs.zone && { zone: zone.trim() }),
      ...(needs.dates && { dates }),
    };
  const { found, doubts, error, reading } = useReading(
    source === false ? undefined : source,
    (it) => read(it, anyway),
    (why) =>
      setNeeds((now) => ({
        zone: now.zone || code(why) === "zone-needed",
        dates: now.dates || code(why) === "dates-needed",
      })),
    `${anyway} ${tries}`,
  );
  const write = (next: string): void => {
    setText(next);
    setUrl("");
    setAnyway(false);
    setUnread(undefined);
    setOpening(false);
    latest.current++;
    if (next.trim() === "") {
      setNeeds(NO_NEEDS);
      setHidden(undefined);
    }
  };
  const pick = (files: FileList | null): void => {
    const file = files?.[0];
    if (file === undefined) return;
    const mine = ++latest.current;
    setOpening(true);
    setUnread(undefined);
    const isLatest = (): boolean => mine === latest.current;
    textOf(file).then(
      (read) => {
        if (!isLatest()) return;
        setNeeds(NO_NEEDS);
        write(read.text);
        setHidden(read.unseen);
      },
      (error: unknown) => {
        if (!isLatest()) return;
        setOpening(false);
        setUnread(error);
      },
    );
  };
  const drop = (event: DragEvent): void => {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    pick(event.dataTransfer.files);
  };
  const asks = ["zone-needed", "dates-needed"].includes(code(error));
  const failed = source !== false && error !== undefined && !asks && doubts.length === 0;
  const unclear = [...doubts, ...linesOf(text, found === undefined ? [] : (leftOut?.(found) ?? []))];
  return (
    <div className={styles.source}>
      <div className={styles.given} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        <TextField
          label={t`Your list of matches`}
          hint={t`As it is: a chat, a table from a website, a spreadsheet, a calendar.`}
          placeholder={[t`Sat 12 Dec 19:00 Portugal x Spain`, t`Sun 13 Dec 16:00 France x Germany`].join("\n")}
          value={text}
          onChange={write}
          rows={8}
          autoComplete="off"
          spellCheck="false"
        />
        <div className={styles.ways}>
          <label className={styles.file}>
            <Trans>Choose a file</Trans>
            <input
              type="file"
              className={silent.silent}
              accept=".ics,.csv,.tsv,.txt,.json,.xlsx,.ods,text/*,application/json"
              onChange={(event) => {
                pick(event.target.files);
                // The same file may be chosen again once it is mended.
                event.target.value = "";
              }}
            />
          </label>
          {web && typed === undefined && (
            <Button look="quiet" onPress={() => setTyped("")}>
              <Trans>Read a web address</Trans>
            </Button>
          )}
        </div>
        {typed !== undefined && (
          <div className={styles.web}>
            <TextField label={t`Address`} value={typed} onChange={setTyped} type="url" placeholder="https://" />
            <Button isDisabled={typed.trim() === ""} onPress={() => setUrl(typed.trim())}>
              <Trans>Read it</Trans>
            </Button>
          </div>
        )}
        {needs.zone && <Zone zone={zone} choose={setZone} />}
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
        {unclear.length > 0 && (
          <Doubts doubts={unclear} text={text} put={(line, says) => write(withLine(text, line, says))} />
        )}
      </div>
      <div className={styles.read}>
        <p role="status" className={styles.soft}>
          {(reading || opening) && <Trans>Reading the matches …</Trans>}
        </p>
        {hidden !== undefined && <Unseen of={hidden} />}
        {unread !== undefined && <Failed error={unread} />}
        {failed && (refused?.(error, () => setAnyway(true)) ?? <Failed error={error} />)}
        {failed && !isRefusal(error) && (
          <Button onPress={() => setTries(tries + 1)}>
            <Trans>Try again</Trans>
          </Button>
        )}
        {found !== undefined && source !== false && (
          <>
            {understood(found)}
            <Button look="main" wide isDisabled={reading} onPress={() => take(found)}>
              {go(found)}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
