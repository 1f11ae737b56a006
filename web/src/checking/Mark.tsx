import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState, type ReactNode } from "react";

import { Button } from "../design/Button";
import { Skeleton } from "../design/Skeleton";
import { Sheet } from "../design/Sheet";
import { TickIcon } from "../design/icons";
import { Link } from "../route";
import type { Checked } from "../rules";
import { useStore } from "../device/store";
import { useWide } from "../device/wide";
import { useShowsLive } from "../node/live";
import { isLocal } from "../node/reach";
import { Said } from "../words/Said";
import { clockTime } from "../words/time";
import { against, wished, wishToCheck } from "./allowed";
import { checkNow } from "./check";
import { Found } from "./Found";
import styles from "./Mark.module.css";
import { Percent } from "./Percent";
import { broken, check, differences, last, useShown, withheld, wrongs } from "./state";

/** Whether this is a device that one holds. */
const onPhone = (): boolean => matchMedia("(pointer: coarse)").matches;

function Says({ live }: { live: boolean }): ReactNode {
  const { now } = useShown();
  const done = useStore(last);
  const time = done === undefined ? "" : clockTime(done.at_s);
  const wrongBook = useStore(broken) !== undefined;
  const older = useStore(withheld) === "older";
  if (useStore(differences).size > 0) return <Trans>A number is wrong</Trans>;
  if (wrongBook) return <Trans>Blocks are wrong</Trans>;
  if (older) return <Trans>Blocks are missing</Trans>;
  switch (now.is) {
    case "off":
      return <Trans>Not checked here</Trans>;
    case "unsure":
      return <Trans>Not sure yet</Trans>;
    case "failed":
      return done === undefined ? <Trans>Could not check</Trans> : <Trans>Not checked since {time}</Trans>;
    case "done":
      return live ? <Trans>Checked, but live scores</Trans> : <Trans>Checked</Trans>;
    default:
      return now.is === "running" && now.progress !== undefined && now.progress.of > 0 && done === undefined ? (
        <Trans>
          Checking: <Percent {...now.progress} />
        </Trans>
      ) : (
        <Trans>Checking …</Trans>
      );
  }
}

/** The mark of trust: whether this device has computed itself what it shows. More on tap. On a desk it stands in the rail. */
export function Mark({ rail = false }: { rail?: boolean }) {
  return useWide() === rail ? <Shown /> : null;
}

function Shown() {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  const { looks: found } = useShown();
  const live = useShowsLive();
  const looks = found === "good" && live ? "plain" : found;
  return (
    <>
      <button
        type="button"
        className={styles.mark}
        data-look={looks}
        aria-label={looks === "wrong" ? t`A number is wrong: more` : undefined}
        onClick={() => setOpen(true)}
      >
        {looks === "good" && <TickIcon size={16} />}
        {looks === "wrong" && <strong aria-hidden="true">!</strong>}
        <span>
          <Says live={live} />
        </span>
      </button>
      <Sheet title={<Where />} open={open} close={() => setOpen(false)}>
        <Checklist />
        <Link to="/book">
          <Trans>How it is checked</Trans>
        </Link>
      </Sheet>
    </>
  );
}

const Where = () => (onPhone() ? <Trans>Checked on this phone</Trans> : <Trans>Checked on this computer</Trans>);

/** The end of a hash, as friends read it to each other: a mined one begins with zeros. */
const short = (hash: string): string => `${hash.slice(-8, -4)} ${hash.slice(-4)}`;

/** By what two friends find out whether they were shown the same blocks: the only validator could make two of one number. */
function LastBlock({ checked }: { checked: Checked }) {
  const height = checked.final > 0 ? checked.final : checked.height;
  const sign = short(checked.final > 0 ? checked.final_hash : checked.tip);
  if (height === 0) return null;
  return (
    <p className={styles.honest}>
      <Trans>
        Block {height} ends in <strong>{sign}</strong>. If a friend sees something else for this block, you were shown
        different pools.
      </Trans>
    </p>
  );
}

/** What was wrong before, although the node says the truth now. */
function Was() {
  const found = useStore(differences);
  const wrongBook = useStore(broken);
  const standing = new Set([...found.values()].map(({ sentence }) => sentence)).add(wrongBook ?? "");
  const was = useStore(wrongs).filter(({ sentence }) => !standing.has(sentence));
  if (was.length === 0) return null;
  return (
    <section>
      <h3>
        <Trans>Wrong during this visit</Trans>
      </h3>
      <ul className={styles.was}>
        {was.map(({ at_s, sentence }) => (
          <li key={`${at_s} ${sentence}`}>
            {clockTime(at_s)}:{" "}
            <span lang="en">
              <Said says={sentence} most={500} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was checked, in four sentences; the last one says what it cannot show. */
function Sums({ checked, table, same }: { checked: Checked; table: boolean; same: boolean }) {
  const { transactions, bets, matches } = checked;
  return (
    <ul className={styles.facts}>
      <li>
        <Trans>
          This device read the whole pool and checked{" "}
          <Plural value={transactions} one="# signature" other="# signatures" />: nobody can change or fake a tip.
        </Trans>
      </li>
      <li>
        <Trans>
          It read <Plural value={bets} one="# tip" other="# tips" /> on{" "}
          <Plural value={matches} one="# match" other="# matches" />, and calculated all points itself.
        </Trans>
      </li>
      {same && (
        <li>
          {table ? (
            <Trans>Everything it compared matches the pool, the whole table included.</Trans>
          ) : (
            <Trans>Everything it compared matches the pool.</Trans>
          )}
        </li>
      )}
      <li data-limit>
        {isLocal(location.origin) ? (
          <Trans>This page comes from Bolao on this computer, so you rely on nobody else.</Trans>
        ) : (
          <Trans>
            This page comes from the pool’s computer, which could still leave out or backdate a tip, or send a page that
            lies. To rely on nobody, run Bolao yourself.
          </Trans>
        )}
      </li>
      <li data-limit>
        <Trans>
          Live scores are in no block: nobody can check those from a list on the web, and the pool’s computer could hold
          a newer one back.
        </Trans>
      </li>
    </ul>
  );
}

/** What was checked, what came of it, and what it is worth. */
export function Checklist() {
  const running = useStore(check).is === "running";
  const { looks, now } = useShown();
  const done = useStore(last);
  const wrongBook = useStore(broken) !== undefined;
  useStore(wished);
  const reason = against();
  return (
    <div className={styles.list}>
      <Found />
      {now.is === "off" && (
        <p>
          {now.reason === "metered" && <Trans>You are on a metered connection, so nothing has been checked yet.</Trans>}
          {now.reason === "weak" && <Trans>This device is slow, so nothing has been checked yet.</Trans>}
          {now.reason === "chosen" && <Trans>You chose to check only when you ask.</Trans>}
        </p>
      )}
      {now.is === "failed" && (
        <p>
          {now.part ? (
            <Trans>The pool’s computer didn’t answer every question, so some numbers could not be compared.</Trans>
          ) : (
            <Trans>Checking failed: the pool’s computer didn’t answer, or this browser can’t do it.</Trans>
          )}{" "}
          <span lang="en">{now.error instanceof Error && <Said says={now.error.message} />}</span>
        </p>
      )}
      {now.is === "unsure" && (
        <p>
          <Trans>
            One number differs, and it is not clear yet whether it is wrong. This device tries again in half a minute.
          </Trans>
        </p>
      )}
      {done === undefined && (now.is === "not-begun" || now.is === "running") && <Skeleton rows={4} height={44} />}
      {done !== undefined && !wrongBook && <Sums checked={done.checked} table={done.table} same={looks === "good"} />}
      <Was />
      <div className={styles.buttons}>
        <Button onPress={() => void checkNow()} isDisabled={running}>
          {done === undefined ? <Trans>Check now</Trans> : <Trans>Check again</Trans>}
        </Button>
        {reason === undefined ? (
          <Button look="quiet" onPress={() => wishToCheck("asked")}>
            <Trans>Check only when I ask</Trans>
          </Button>
        ) : (
          <Button
            look="quiet"
            onPress={() => {
              wishToCheck("always");
              void checkNow();
            }}
          >
            <Trans>Always check</Trans>
          </Button>
        )}
      </div>
      {done !== undefined && !wrongBook && <LastBlock checked={done.checked} />}
    </div>
  );
}
