import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState, type ReactNode } from "react";

import { Button } from "../design/Button";
import { Skeleton } from "../design/Skeleton";
import { Sheet } from "../design/Sheet";
import { TickIcon } from "../design/icons";
import type { Checked } from "../rules";
import { useStore } from "../device/store";
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

function Says(): ReactNode {
  const { now } = useShown();
  const done = useStore(last);
  const time = done === undefined ? "" : clockTime(done.at_s);
  const wrongBook = useStore(broken) !== undefined;
  const older = useStore(withheld) === "older";
  if (useStore(differences).size > 0) return <Trans>A number is wrong</Trans>;
  if (wrongBook) return <Trans>The book is wrong</Trans>;
  if (older) return <Trans>An older book</Trans>;
  switch (now.is) {
    case "off":
      return <Trans>Not checked here</Trans>;
    case "unsure":
      return <Trans>Not sure yet</Trans>;
    case "failed":
      return done === undefined ? <Trans>Could not check</Trans> : <Trans>Not checked since {time}</Trans>;
    case "done":
      return onPhone() ? (
        <Trans>Checked on this phone · {time}</Trans>
      ) : (
        <Trans>Checked on this computer · {time}</Trans>
      );
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

/** The mark of trust: whether this device has computed itself what it shows. More on tap. */
export function Mark() {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  const { looks } = useShown();
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
          <Says />
        </span>
      </button>
      <Sheet title={<Trans>What was checked</Trans>} open={open} close={() => setOpen(false)}>
        <Checklist />
      </Sheet>
    </>
  );
}

/** The end of a hash, as friends read it to each other: a mined one begins with zeros. */
const short = (hash: string): string => `${hash.slice(-8, -4)} ${hash.slice(-4)}`;

/** By what two friends find out whether they were shown the same book: its only keeper could write two. */
function LastPage({ checked }: { checked: Checked }) {
  const page = checked.final > 0 ? checked.final : checked.height;
  const sign = short(checked.final > 0 ? checked.final_hash : checked.tip);
  if (page === 0) return null;
  return (
    <p className={styles.honest}>
      <Trans>
        Page {page} is <strong>{sign}</strong>: who sees another under this number was shown another book.
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

/** What was checked, what came of it, and what it is worth. */
export function Checklist() {
  const running = useStore(check).is === "running";
  const { looks, now } = useShown();
  const done = useStore(last);
  const stamped = done?.checked.final ?? 0;
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
          {now.part ? (
            <Trans>
              The book was read, but the pool’s computer did not give every answer that should be compared with it.
            </Trans>
          ) : (
            <Trans>The check could not be done: the pool’s computer did not answer, or this browser cannot.</Trans>
          )}{" "}
          <span lang="en">{now.error instanceof Error && <Said says={now.error.message} />}</span>
        </p>
      )}
      {now.is === "unsure" && (
        <p>
          <Trans>
            A number differs, and whether it is wrong is not known yet: new pages came too fast, or the pool’s computer
            did not answer a second time. This device tries again in half a minute.
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
              {stamped === done.checked.height ? (
                <Plural value={stamped} one="# page, with who stamped it" other="# pages, with who stamped them" />
              ) : (
                <Plural
                  value={done.checked.height}
                  one={`# page, ${stamped} of them stamped`}
                  other={`# pages, ${stamped} of them stamped`}
                />
              )}
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
          {looks === "good" && (
            <p className={styles.good}>
              <TickIcon size={18} />
              <Trans>Everything that was compared is the same.</Trans>
            </p>
          )}
          <LastPage checked={done.checked} />
        </>
      )}
      <Was />
      <div className={styles.buttons}>
        <Button onPress={() => void checkNow()} isDisabled={running}>
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
            This page comes from the computer that you opened it from. It checked the numbers here itself, but a page
            can lie about what it checks. To rely on nobody, run the program on your own computer.
          </Trans>{" "}
          <Trans>
            Not compared: in which order things happened, who opens sealed tips, computers and how they are, and who
            moved up or down in the table.
          </Trans>
        </p>
      )}
    </div>
  );
}
