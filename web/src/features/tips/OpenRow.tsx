import { Trans, useLingui } from "@lingui/react/macro";
import { memo, useRef, type ReactNode } from "react";

import { FoldIcon, PlusIcon } from "../../design/icons";
import { Score } from "../../design/Score";
import { TipExtras, WrittenExtras } from "../../extras";
import type { Draft } from "../../identity/drafts/draft";
import type { OwnTip } from "../../identity/drafts/ownTips";
import { ofMatch } from "../../identity/tippable";
import type { Shapes } from "../../node/client";
import { Link } from "../../route";
import type { Pool } from "../../rules";
import { Editor } from "./Editor";
import { Line } from "./Line";
import styles from "./Line.module.css";
import { Notes } from "./Notes";
import type { Seal } from "./Opens";
import { Sign } from "./Sign";
import type { OneOpen } from "./useOneOpen";
import { writerOf, writtenOf } from "./write";

export interface OpenProps {
  pool: string;
  match: Shapes["MatchBody"];
  /** How many play. */
  players: number;
  tip: OwnTip | undefined;
  draft: Draft | undefined;
  /** Whether somebody plays on this device. */
  plays: boolean;
  /** Limits of stakes, once they are known. */
  limits: Pick<Pool, "stake_min" | "stake_max"> | undefined;
  /** Whether anybody stakes chips. */
  staked: boolean;
  /** Asks for the passphrase, where a hidden tip cannot be read without. */
  lift: () => void;
  /** Whether the key needs its passphrase before it reads what is hidden. */
  locked: boolean;
  /** Whether the tip has just been confirmed. */
  fresh: boolean;
  /** Who reveals a hidden tip. */
  seal: Seal | undefined;
}

/** What the reader is told of a line: the match, what is tipped, and what a tap does. */
function useSays({ match, tip, draft }: Pick<OpenProps, "match" | "tip" | "draft">): string {
  const { t } = useLingui();
  const { name: names, says } = ofMatch(match);
  if (draft !== undefined) {
    const score = says(draft);
    return t`${names}, your draft ${score}, not sent; change`;
  }
  if (tip === undefined) return t`${names}, no tip yet; add`;
  if (tip.score === null) return t`${names}, your tip is hidden; unlock to change`;
  const score = says(tip.score);
  switch (tip.state) {
    case "stamped":
      return t`${names}, your tip ${score}, confirmed; change`;
    case "late":
      return t`${names}, your tip ${score}, too late; change`;
    case "booked":
      return t`${names}, your tip ${score}, in a block; change`;
    default:
      return t`${names}, your tip ${score}, sent; change`;
  }
}

function Middle({ tip, draft, plays }: Pick<OpenProps, "tip" | "draft" | "plays">): ReactNode {
  const written = draft ?? tip?.score;
  if (written != null) return <Score {...written} className={styles.mine} />;
  if (tip !== undefined)
    return (
      <span className={styles.lock}>
        <FoldIcon size={20} />
      </span>
    );
  return plays ? (
    <span className={styles.add}>
      <PlusIcon size={20} />
    </span>
  ) : (
    <span className={styles.none}>–</span>
  );
}

interface Props extends OpenProps {
  opened: boolean;
  open: OneOpen["open"];
  close: OneOpen["close"];
  /** How long its tick waits for those above it, in milliseconds. */
  after: number;
}

/** A match that takes tips: a line, or, opened, its steppers. */
export const OpenRow = memo(function OpenRow(props: Props) {
  const { pool, match, tip, draft, plays, lift, fresh, opened, open, close, after } = props;
  const row = useRef<HTMLLIElement>(null);
  const says = useSays(props);
  const locked = props.locked && tip?.score === null && draft === undefined;
  const writes = opened && plays && !locked;
  const line = (
    <Line match={match} end={<Sign drafted={draft !== undefined} state={tip?.state} />}>
      <Middle tip={tip} draft={draft} plays={plays} />
    </Line>
  );
  return (
    <li
      ref={row}
      className={styles.row}
      data-fresh={fresh || undefined}
      style={{ "--after": `${after}ms` } as React.CSSProperties}
    >
      {writes ? (
        <Editor {...props} close={close} />
      ) : plays ? (
        <div className={styles.press}>
          <div className={styles.line} aria-hidden="true">
            {line}
          </div>
          <button
            type="button"
            className={styles.whole}
            aria-label={says}
            onClick={(event) => {
              if (locked) lift();
              else open(match.code, row.current, event.detail === 0);
            }}
          />
          <TipExtras pool={pool} match={match} tip={tip} draft={draft} roomy={false} />
        </div>
      ) : (
        <Link to="/match/:code" params={{ code: match.code }} className={styles.line}>
          {line}
        </Link>
      )}
      {plays && !writes && (
        <WrittenExtras pool={pool} match={match} written={writtenOf(props)} write={writerOf(props)} />
      )}
      {locked && plays && (
        <p className={styles.note}>
          <button type="button" onClick={lift}>
            <Trans>Unlock to change</Trans>
          </button>
        </p>
      )}
      <Notes {...props} />
    </li>
  );
});
