import type { Status } from "../../identity/assent/acts";
import { useNow } from "../../node/clock";
import type { Shapes } from "../../node/client";
import { standing } from "../../node/record";
import { STATUS_WORDS } from "../../sentences/Outcome";
import { Moved } from "../../words/Moved";
import { seconds } from "../../words/time";
import styles from "./Line.module.css";
import type { OpenProps } from "./OpenRow";
import { Waiting } from "./Waiting";
import { writerOf, writtenOf } from "./write";

type Match = Shapes["MatchBody"];

/** A move is news for so long. */
const NEWS_S = 7 * 86_400;

/** That a match was moved of late. */
export function News({ match }: { match: Match }) {
  const now_s = useNow(60);
  if (match.moved == null || seconds(match.moved.time) + NEWS_S <= now_s) return null;
  return (
    <p className={styles.note}>
      <Moved match={match} />
    </p>
  );
}

/** That a match was not played as it was to be, and why. */
export function Outcome({ match }: { match: Match }) {
  const outcome = standing(match)?.outcome;
  return (
    <>
      {STATUS_WORDS[outcome?.status as Status]}
      {outcome?.reason != null && (
        <>
          : <q>{outcome.reason}</q>
        </>
      )}
    </>
  );
}

/** What is to be known of a match that takes tips, beyond its line: rarely anything. */
export function Notes(props: OpenProps) {
  const { match, tip, draft, plays } = props;
  const written = writtenOf(props);
  return (
    <>
      <News match={match} />
      {match.postponed && (
        <p className={styles.note}>
          <Outcome match={match} />
        </p>
      )}
      {draft === undefined && tip !== undefined && (
        <Waiting
          match={match}
          tip={tip}
          again={plays && written !== undefined ? () => writerOf(props)(written) : undefined}
        />
      )}
    </>
  );
}
