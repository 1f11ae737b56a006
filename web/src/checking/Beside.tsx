import { Plural, Trans } from "@lingui/react/macro";

import { Notice } from "../design/Notice";
import { TickIcon } from "../design/icons";
import { Link } from "../route";
import type { Deciders, SlipReport as Report } from "../rules";
import { namesOf } from "../words/Names";
import { exactTime } from "../words/time";
import styles from "./Slip.module.css";

/** Who could have made it: with the keys of so few, another history can be signed at any time. */
function CouldHaveMade({ by }: { by: Deciders }) {
  const { accounts, validators } = by;
  const names = namesOf(accounts);
  const needed = accounts.length;
  if (needed > 1) {
    return (
      <Trans>
        {needed} of {validators} validators together ({names}) could make such a receipt at any time.
      </Trans>
    );
  }
  return accounts[0]?.organiser === true ? (
    <Trans>{names}, an organiser, could make such a receipt at any time, without anyone’s help.</Trans>
  ) : (
    <Trans>{names} could make such a receipt at any time, without anyone’s help.</Trans>
  );
}

/** It is in the book; of tips that came too late that is all. */
function Held({ report }: { report: Report }) {
  const { height, block, tips } = report;
  const time = exactTime(report.clock);
  const late = report.void?.length ?? 0;
  if (late > 0 && late === tips.length) {
    return (
      <Notice look="bad">
        <strong>
          <Trans>In the pool, but too late: it was sent, and doesn’t count.</Trans>
        </strong>
        <span>
          <Trans>
            It came at {time}, in block{" "}
            <Link to="/book/:block" params={{ block }}>
              {height}
            </Link>
            , after betting had ended.
          </Trans>
        </span>
      </Notice>
    );
  }
  return (
    <>
      <p className={styles.good}>
        <TickIcon size={20} />
        <span>
          <Trans>
            Valid. It has been in the pool since <strong>{time}</strong>, in block{" "}
            <Link to="/book/:block" params={{ block }}>
              {height}
            </Link>
            .
          </Trans>
        </span>
      </p>
      {late > 0 && (
        <Notice look="soon">
          <Plural
            value={late}
            one="# tip in it came too late and doesn’t count."
            other="# tips in it came too late and don’t count."
          />
        </Notice>
      )}
    </>
  );
}

/** What the book that this device has read says of the receipt. */
export function Beside({ report }: { report: Report }) {
  const { height, own } = report;
  const time = exactTime(report.clock);
  const at = own !== null && "height" in own ? own.height : height;
  const made = report.could_have_made;
  const isWork = report.proven.by === "work" && report.answer === "not_compared";
  const who = (made !== null || isWork) && (
    <span>
      {made === null ? (
        <Trans>Anyone with enough computing time could make such a receipt.</Trans>
      ) : (
        <CouldHaveMade by={made} />
      )}
    </span>
  );
  switch (own?.is) {
    case "held":
      return <Held report={report} />;
    case "refuted":
    case "other-validators":
      return (
        <Notice look="bad">
          <strong>
            <Trans>Not in the pool: this receipt is forged.</Trans>
          </strong>
          <span>
            {own.is === "refuted" ? (
              <Trans>
                This device has read the pool, which has a different block {at}. Keep this file and show it to your
                friends.
              </Trans>
            ) : (
              <Trans>
                This device has read the pool, in which others confirm blocks after block {at}. Keep this file and show
                it to your friends.
              </Trans>
            )}
          </span>
          {who}
        </Notice>
      );
    case "branched":
      return (
        <Notice look="bad">
          <strong>
            <Trans>Not in the pool: this receipt’s block isn’t there.</Trans>
          </strong>
          <span>
            <Trans>The pool has a different block {height}, which is not final yet. Check again later.</Trans>
          </span>
          {who}
        </Notice>
      );
    case "above":
      return (
        <Notice look="soon">
          <strong>
            <Trans>Not compared: this device has read the pool only up to block {at}.</Trans>
          </strong>
          <span>
            <Trans>The receipt is of block {height}. Check again later.</Trans>
          </span>
          {who}
        </Notice>
      );
    default:
      return (
        <Notice look="soon">
          <strong>
            <Trans>Not compared with the pool: this device hasn’t read it.</Trans>
          </strong>
          <span>
            <Trans>
              It says that it has been in the pool since {time}, in block {height}.
            </Trans>
          </span>
          {who}
        </Notice>
      );
  }
}
