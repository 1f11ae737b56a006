import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState, type ReactNode } from "react";

import { Button } from "../design/Button";
import { Skeleton } from "../design/Skeleton";
import { Sheet } from "../design/Sheet";
import { TickIcon } from "../design/icons";
import { useStore } from "../shell/store";
import { clockTime } from "../words/time";
import { against, wished, wishToCheck } from "./allowed";
import { broken, check, checkNow, differences, last } from "./check";
import styles from "./Mark.module.css";
import { Found } from "./Found";
import { Percent } from "./Percent";

/** Whether this is a device that one holds. */
const onPhone = (): boolean => matchMedia("(pointer: coarse)").matches;

function Says(): ReactNode {
  const now = useStore(check);
  const done = useStore(last);
  const time = done === undefined ? "" : clockTime(done.at_s);
  const wrongBook = useStore(broken) !== undefined;
  if (useStore(differences).size > 0) return <Trans>A number is wrong</Trans>;
  if (wrongBook) return <Trans>The book is wrong</Trans>;
  if (now.is === "off") return <Trans>Not checked here</Trans>;
  if (now.is === "unsure") return <Trans>Not sure yet</Trans>;
  if (done === undefined && now.is === "failed") return <Trans>Could not check</Trans>;
  if (done === undefined) {
    return now.is === "running" && now.progress !== undefined && now.progress.of > 0 ? (
      <Trans>
        Checking: <Percent {...now.progress} />
      </Trans>
    ) : (
      <Trans>Checking …</Trans>
    );
  }
  return onPhone() ? <Trans>Checked on this phone · {time}</Trans> : <Trans>Checked on this computer · {time}</Trans>;
}

function look(wrong: boolean, is: string, done: boolean): string {
  if (wrong) return "wrong";
  if (done && is !== "failed" && is !== "unsure") return "good";
  return "plain";
}

/** The mark of trust: whether this device has computed itself what it shows. More on tap. */
export function Mark() {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  const now = useStore(check);
  const done = useStore(last);
  const wrongBook = useStore(broken) !== undefined;
  const wrong = useStore(differences).size > 0 || wrongBook;
  const looks = look(wrong, now.is, done !== undefined);
  return (
    <>
      <button
        type="button"
        className={styles.mark}
        data-look={looks}
        aria-label={wrong ? t`A number is wrong: more` : undefined}
        onClick={() => setOpen(true)}
      >
        {looks === "good" && <TickIcon size={16} />}
        {looks === "wrong" && <strong aria-hidden="true">!</strong>}
        <span>
          <Says />
        </span>
      </button>
      <Sheet title={<Trans>What was checked</Trans>} open={open} close={() => setOpen(false)}>
        <Checklist />
      </Sheet>
    </>
  );
}

/** What was checked, what came of it, and what it is worth. */
export function Checklist() {
  const now = useStore(check);
  const done = useStore(last);
  const found = useStore(differences);
  const wrongBook = useStore(broken) !== undefined;
  useStore(wished);
  const reason = against();
  return (
    <div className={styles.list}>
      <Found />
      {now.is === "off" && (
        <p>
          {now.reason === "metered" && <Trans>This connection costs, so nothing was checked yet.</Trans>}
          {now.reason === "weak" && <Trans>This device has little strength, so nothing was checked yet.</Trans>}
          {now.reason === "chosen" && <Trans>You asked to check only when you say so.</Trans>}
        </p>
      )}
      {now.is === "failed" && (
        <p>
          <Trans>The check could not be done: the pool’s computer did not answer, or this browser cannot.</Trans>{" "}
          <span lang="en">{now.error instanceof Error ? now.error.message : ""}</span>
        </p>
      )}
      {now.is === "unsure" && (
        <p>
          <Trans>
            New pages came faster than this device could compare the numbers with them. It tries again with the next
            page.
          </Trans>
        </p>
      )}
      {done === undefined && (now.is === "not-begun" || now.is === "running") && <Skeleton rows={5} height={44} />}
      {done !== undefined && !wrongBook && (
        <>
          <p>
            <Trans>This device has read the pool’s whole book and done every sum itself:</Trans>
          </p>
          <ul className={styles.facts}>
            <li>
              <Plural
                value={done.checked.height}
                one="# page, with who stamped it"
                other="# pages, with who stamped them"
              />
            </li>
            <li>
              <Plural
                value={done.checked.transactions}
                one="# signature of a player or organiser"
                other="# signatures of players and organisers"
              />
            </li>
            <li>
              <Plural value={done.checked.bets} one="# tip, by the rules" other="# tips, by the rules" />
            </li>
            <li>
              <Plural
                value={done.checked.matches}
                one="# match: result, points, pot"
                other="# matches: results, points, pots"
              />
            </li>
            {done.table && (
              <li>
                <Plural
                  value={done.checked.accounts}
                  one="The table’s # line, compared with what the pool’s computer says"
                  other="The table’s # lines, compared with what the pool’s computer says"
                />
              </li>
            )}
          </ul>
          {found.size === 0 && now.is !== "failed" && now.is !== "unsure" && (
            <p className={styles.good}>
              <TickIcon size={18} />
              <Trans>Everything is the same.</Trans>
            </p>
          )}
        </>
      )}
      <div className={styles.buttons}>
        <Button onPress={() => void checkNow()} isDisabled={now.is === "running"}>
          {done === undefined ? <Trans>Check now</Trans> : <Trans>Check again</Trans>}
        </Button>
        {reason === undefined ? (
          <Button look="quiet" onPress={() => wishToCheck("asked")}>
            <Trans>Only when I ask</Trans>
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
      {done !== undefined && (
        <p className={styles.honest}>
          <Trans>
            This page comes from the computer that you opened it from. It checked every number here itself, but a page
            can lie about what it checks. To rely on nobody, run the program on your own computer.
          </Trans>
        </p>
      )}
    </div>
  );
}
