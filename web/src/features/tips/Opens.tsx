import { Trans } from "@lingui/react/macro";

import { According } from "../../design/According";
import { lookers, useDelivering } from "../../identity/shares/deliver";
import { useOpensOwn } from "../../identity/shares/opensOwn";
import { hasDelivered } from "../../keys/delivered";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { isQuestion } from "../../node/questions";
import { Link } from "../../route";
import { namesOf } from "../../words/Names";
import { moment, seconds } from "../../words/time";
import styles from "./Opens.module.css";

interface Props {
  openings: Shapes["OpeningsBody"];
  account: string;
}

/** A hidden tip, and what is known of who reveals it. */
export interface Seal extends Props {
  seal: Shapes["KeptSealBody"];
}

/** Until when a tip or answer is hidden, or must be revealed by this page. */
function Until({ match, will_open, ends }: Shapes["KeptSealBody"]) {
  const now_s = useNow(60);
  const asked = isQuestion(match);
  if (will_open) return asked ? <Trans>Hidden until it closes</Trans> : <Trans>Hidden until kick-off</Trans>;
  const until = ends == null ? null : moment(seconds(ends), now_s);
  if (asked)
    return until === null ? (
      <Trans>Hidden: open this page after it closes</Trans>
    ) : (
      <Trans>Hidden: open this page after it closes, before {until}</Trans>
    );
  return until === null ? (
    <Trans>Hidden: open this page after kick-off</Trans>
  ) : (
    <Trans>Hidden: open this page after kick-off, before {until}</Trans>
  );
}

/** Whether a hidden tip or answer is revealed without its player: that keepers hold what it takes is in no block. */
export function Opens({ seal, openings }: Seal) {
  const { busy, settles } = useDelivering();
  // Of a pool in which nobody else can reveal them, one notice says it of all tips.
  if (!openings.has_keepers) return null;
  return (
    <According line>{!seal.will_open && (busy || settles) ? <Trans>Hidden</Trans> : <Until {...seal} />}</According>
  );
}

function CouldLook({ who }: { who: Shapes["PlayerRef"][] }) {
  const names = namesOf(who);
  return who.length === 1 ? (
    <Trans>{names}’s computer reveals your tips when it’s time, and could read them earlier.</Trans>
  ) : (
    <Trans>The computers of {names} reveal your tips when it’s time, and together could read them earlier.</Trans>
  );
}

/** Before the first hidden tip is sent: who could read it. It is said here only, where it can still be chosen. */
export function Before({ pool, openings, account }: Props & { pool: string }) {
  const own = useOpensOwn(pool);
  const could = lookers(openings.keepers, account);
  if (
    own ||
    hasDelivered({ pool, account }) ||
    !openings.has_keepers ||
    !openings.host_could_look ||
    could.length === 0
  )
    return null;
  return (
    <p className={styles.before}>
      <CouldLook who={could} />
      <Link to="/me" hash="openers" className={styles.way}>
        <Trans>Keep them on this device only</Trans>
      </Link>
    </p>
  );
}
