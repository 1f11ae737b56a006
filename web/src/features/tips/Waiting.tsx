import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import type { OwnTip } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { poolOptions, useStatus } from "../../node/queries";
import { namesOf } from "../../words/Names";
import { moment, seconds } from "../../words/time";
import styles from "./Row.module.css";

interface Props {
  match: Shapes["MatchBody"];
  tip: OwnTip;
  /** Writes it in pencil once more. */
  again: (() => void) | undefined;
}

/** Why a tip is not in the book yet, where that is more than the usual moment, and until when it has to be. */
export function Waiting({ match, tip, again }: Props) {
  const now_s = useNow(60);
  const consensus = useQuery(poolOptions()).data?.consensus;
  const status = useStatus().data;
  // Where miners find the pages, keepers hold none up.
  const waits = consensus === "hybrid" ? null : status?.waits;
  const gone = tip.fate === "lost" || tip.fate === "refused";
  if (tip.bet !== undefined || (waits == null && tip.fate !== "again" && !gone)) return null;
  if (gone)
    return (
      <p className={styles.late}>
        {tip.fate === "lost" ? (
          <Trans>Its place in the book is taken, or was a wrong one: it does not get in.</Trans>
        ) : (
          <Trans>This pool’s computer lost your tip, and the rules no longer let it in.</Trans>
        )}{" "}
        {again !== undefined && (
          <button type="button" className={styles.change} onClick={again}>
            <Trans>Tip it again</Trans>
          </button>
        )}
      </p>
    );
  const until = match.deadline == null ? "" : moment(seconds(match.deadline), now_s);
  const names = namesOf(waits?.away ?? []);
  return (
    <p className={styles.waits} role="status">
      {waits == null ? (
        <Trans>Not in the book yet: the pool’s computer had lost it, and this page has sent it again.</Trans>
      ) : waits.away.length === 0 ? (
        <Trans>Not in the book yet: the pool waits.</Trans>
      ) : (
        <Trans>Not in the book yet: the pool waits for {names}.</Trans>
      )}{" "}
      {until !== "" && <Trans>If it is not in by {until}, it does not count.</Trans>}
    </p>
  );
}
