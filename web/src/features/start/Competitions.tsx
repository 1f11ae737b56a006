import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { Button } from "../../design/Button";
import { Card } from "../../design/Card";
import { Failure } from "../../design/Failure";
import { ChevronIcon, ListIcon, SearchIcon } from "../../design/icons";
import { Pill } from "../../design/Pill";
import silent from "../../design/Silent.module.css";
import { Skeleton } from "../../design/Skeleton";
import { TextField } from "../../design/TextField";
import { isProblem } from "../../node/client";
import { useNow } from "../../node/clock";
import { found, type Competition } from "../../node/competitions";
import { locale } from "../../words/languages";
import { civilDay, fromTo } from "../../words/time";
import styles from "./Competitions.module.css";
import { daysUntil, isSoon, proposed } from "./find";
import { competitions, matchesOf, type Begun, type Preview } from "./first";
import { Step } from "./Step";
import { Tile } from "./Tile";

/** "In 3 days", "Tomorrow". */
function soon(days: number): string {
  const says = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(days, "day");
  return says.charAt(0).toLocaleUpperCase(locale()) + says.slice(1);
}

/** When it is played. */
function When({ of: { begins, ends, days_are_known }, today }: { of: Competition; today: string }) {
  const last = fromTo(ends, ends, days_are_known);
  return begins <= today ? <Trans>Running · until {last}</Trans> : fromTo(begins, ends, days_are_known);
}

interface RowProps {
  tile: ReactNode;
  name: ReactNode;
  says: ReactNode;
  press: () => void;
  busy?: boolean;
  bright?: boolean;
}

/** Something to choose with a tap. */
const Row = ({ tile, name, says, press, busy = false, bright = false }: RowProps) => (
  <button type="button" className={styles.row} data-bright={bright || undefined} onClick={press}>
    {tile}
    <span className={styles.says}>
      <strong>{name}</strong>
      <span className={styles.soft}>{says}</span>
    </span>
    {busy ? <span className={styles.turning} /> : <ChevronIcon size={20} />}
  </button>
);

/** How many competitions are named that can be read without the web. */
const FEW_COPIES = 4;

/** Why the matches of a competition were not read. */
function Unread({ error, of, every }: { error: Error; of: Competition; every: readonly Competition[] }) {
  if (!isProblem(error) || error.code !== "offline") return <Failure error={error} />;
  const { name } = of;
  const copies = every.filter(({ has_copy }) => has_copy).slice(0, FEW_COPIES);
  const names = new Intl.ListFormat(locale()).format(copies.map((copy) => copy.name));
  return (
    <div role="alert">
      <p>
        <Trans>Couldn’t load {name}: this computer is offline.</Trans>
      </p>
      {copies.length > 0 && (
        <p className={styles.soft}>
          <Plural value={copies.length} one={`${names} works offline.`} other={`${names} work offline.`} />
        </p>
      )}
    </div>
  );
}

interface Props {
  begun: Begun;
  /** What was typed to find one. */
  typed: string;
  type: (typed: string) => void;
  take: (preview: Preview) => void;
  /** Somebody has a list of their own, or a link to a pool. */
  other: (what: "list" | "link") => void;
}

/** The first question: competitions whose matches are known, a few at first, all by search; or a list of one’s own. */
export function Competitions({ begun, typed, type, take, other }: Props) {
  const { t } = useLingui();
  const today = civilDay(useNow(3600));
  const known = useQuery({ queryKey: ["start", "competitions"], queryFn: () => competitions(begun), retry: false });
  // Of two taps the later one counts.
  const reading = useMutation({ mutationFn: (of: Competition) => matchesOf(begun, of) });
  const [all, setAll] = useState(false);
  const tapped = reading.variables?.code;
  const every = known.data ?? [];
  const seeks = typed.trim() !== "";
  const few = all ? every : proposed(every, today);
  const shown = seeks ? found(every, typed.trim()) : few;
  const rest = every.length - shown.length;
  return (
    <>
      <Step
        step={1}
        title={<Trans>What are you tipping?</Trans>}
        says={<Trans>A prediction pool for you and your friends, run from this computer.</Trans>}
        overlapped
      />
      <div className={styles.search}>
        <TextField
          label={
            <span className={silent.silent}>
              <Trans>Search competitions</Trans>
            </span>
          }
          placeholder={t`Search competitions`}
          beside={<SearchIcon size={22} />}
          type="search"
          autoComplete="off"
          spellCheck="false"
          value={typed}
          onChange={type}
        />
      </div>
      <p role="status" className={seeks && shown.length === 0 ? styles.soft : silent.silent}>
        {reading.isPending ? (
          <Trans>Reading the matches …</Trans>
        ) : (
          seeks &&
          known.isSuccess && <Plural value={shown.length} one="# competition found" other="# competitions found" />
        )}
      </p>
      {known.isPending && <Skeleton rows={5} height={72} />}
      {known.error !== null && <Failure error={known.error} again={() => void known.refetch()} />}
      {shown.length > 0 && (
        <Card>
          <ul aria-label={t`Competitions`}>
            {shown.map((of) => {
              const busy = reading.isPending && of.code === tapped;
              const near = isSoon(of, today);
              return (
                <li key={of.code} className={styles.item}>
                  <Row
                    tile={<Tile code={of.code} name={of.name} />}
                    name={
                      <>
                        {of.name} {near && <Pill look="flash">{soon(daysUntil(of.begins, today))}</Pill>}
                      </>
                    }
                    says={busy ? <Trans>Reading the matches …</Trans> : <When of={of} today={today} />}
                    press={() => reading.mutate(of, { onSuccess: take })}
                    busy={busy}
                    bright={near}
                  />
                  {of.code === tapped && reading.error !== null && (
                    <div className={styles.why}>
                      <Unread error={reading.error} of={of} every={every} />
                    </div>
                  )}
                </li>
              );
            })}
          </ul>
        </Card>
      )}
      {!seeks && rest > 0 && (
        <Button look="quiet" onPress={() => setAll(true)}>
          <Trans>Show {rest} more</Trans>
        </Button>
      )}
      <Card>
        <Row
          tile={
            <span className={styles.own} aria-hidden="true">
              <ListIcon />
            </span>
          }
          name={<Trans>My own list of matches</Trans>}
          says={<Trans>Paste it as it is: a chat, a website, a file</Trans>}
          press={() => other("list")}
        />
      </Card>
      <Button look="quiet" onPress={() => other("link")}>
        <Trans>I have a link to a pool</Trans>
      </Button>
    </>
  );
}
