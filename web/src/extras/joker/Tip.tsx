import { Plural, Trans, useLingui } from "@lingui/react/macro";

import silent from "../../design/Silent.module.css";
import { matchName } from "../../design/teams";
import { isWhole } from "../../identity/drafts/draft";
import { Refusal } from "../../identity/sending/Refusal";
import { isOpen } from "../../identity/sending/sendTips";
import { isOver } from "../../keys/sent";
import { nodeTime } from "../../node/clock";
import type { TipProps } from "../extra";
import { leftFor, type Moves, movedTo } from "./jokers";
import styles from "./Joker.module.css";
import { useMoveJokers } from "./move";
import { TooLate } from "./TooLate";
import { useJokers } from "./useJokers";

/** The refusals of a joker, in the page's words. */
const WHY = {
  "no-joker-left": <Trans>You have no joker left for this match. Take one off another match first.</Trans>,
  "no-joker": <Trans>Your joker is no longer on that match. Try again.</Trans>,
};

const names = (all: readonly Moves[], no: number): boolean =>
  all.some(({ off, on }) => [...off, ...on].some((one) => one.no === no));

/** Whether a joker on it would count for something: a tip stands or waits, or is written. */
const isTipped = ({ tip, draft }: Pick<TipProps, "tip" | "draft">): boolean =>
  (tip !== undefined && !isOver(tip.fate)) || (draft !== undefined && isWhole(draft));

interface SaysProps {
  factor: number;
  tipped: boolean;
  waits: boolean;
}

/** What a joker does here. */
function Says({ factor, tipped, waits }: SaysProps) {
  if (!tipped) return <Trans>Joker, but no tip yet: without a tip it gives nothing</Trans>;
  if (waits) return <Trans>Joker sent, not in a block yet</Trans>;
  return <Trans>Joker: the points of your tip count {factor} times</Trans>;
}

/** A joker on a match: one tap puts it there, takes it off, or moves it from another match. */
export function Tip({ pool, match, tip, draft, roomy }: TipProps) {
  const { t } = useLingui();
  const mine = useJokers(pool);
  const move = useMoveJokers(pool);
  if (mine === undefined) return null;
  const { jokers, waits, moving } = mine;
  const now_s = nodeTime() / 1000;
  const moves = movedTo(jokers, match, (one) => isOpen(one, now_s));
  if (moves === undefined) return <TooLate pool={pool} match={match} />;
  const { factor } = jokers.rule;
  const is = jokers.on.has(match.no);
  const [from] = is ? [] : moves.off;
  const left = leftFor(jokers, match.stage);
  const name = matchName(match);
  const before = from && matchName(from);
  const sent = names(waits, match.no);
  return (
    <div className={styles.joker} data-extra data-roomy={roomy || undefined}>
      <button
        type="button"
        className={styles.pill}
        aria-pressed={is}
        aria-busy={names(moving, match.no)}
        data-waits={sent || undefined}
        aria-label={
          before === undefined ? t`×${factor} joker on ${name}` : t`×${factor} joker on ${name}, moved from ${before}`
        }
        onClick={() => {
          // What is on its way is waited for: the next tap says something else once it is there.
          if (moving.length === 0) move.mutate(moves);
        }}
      >
        <span>×{factor}</span>
      </button>
      {is && (roomy || sent) && (
        <span className={roomy ? styles.says : silent.silent}>
          <Says factor={factor} tipped={isTipped({ tip, draft })} waits={sent} />
        </span>
      )}
      {!is && roomy && (
        <span className={styles.says}>
          {before === undefined ? (
            <Plural value={left} one="# joker left" other="# jokers left" />
          ) : (
            <Trans>Move your joker here from {before}</Trans>
          )}
        </span>
      )}
      {move.isError && (
        <div className={styles.refused}>
          <Refusal error={move.error} words={WHY} />
        </div>
      )}
      <TooLate pool={pool} match={match} />
    </div>
  );
}
