import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { fewOf } from "../../keys/delivered";
import { lookers, useDelivering } from "../../identity/shares/deliver";
import { useOpensOwn } from "../../identity/shares/opensOwn";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { namesOf } from "../../words/Names";
import { moment, seconds } from "../../words/time";
import styles from "./Opens.module.css";

interface Props {
  openings: Shapes["OpeningsBody"];
  account: string;
}

/** Who opens a sealed tip, and who could read it before, as the keepers themselves have said. */
export function Opens({ seal, openings, account }: Props & { seal: Shapes["KeptSealBody"] }) {
  const now_s = useNow(60);
  const { busy, settles } = useDelivering();
  // Of a pool in which nobody else can open, one notice says it of all tips.
  if (!openings.has_keepers) return null;
  const { will_open, ends, dealt } = seal;
  const until = ends == null ? null : moment(seconds(ends), now_s);
  const few = dealt?.host_could_look === true ? dealt.keepers : fewOf(account, seal.commitment);
  const could = lookers(few, account);
  return (
    <p className={styles.opens}>
      <span>
        {will_open ? (
          <Trans>Opens by itself at kick-off</Trans>
        ) : busy || settles ? (
          <Trans>Being handed to the keepers</Trans>
        ) : until === null ? (
          <Trans>Look in after kick-off</Trans>
        ) : (
          <Trans>Look in after kick-off until {until}</Trans>
        )}
      </span>
      {could.length > 0 && (
        <Link to="/me" hash="openers">
          <CouldLook who={could} />
        </Link>
      )}
    </p>
  );
}

function CouldLook({ who }: { who: Shapes["PlayerRef"][] }) {
  const names = namesOf(who);
  return who.length === 1 ? (
    <Trans>{names}’s program could look before kick-off</Trans>
  ) : (
    <Trans>The programs of {names} together could look before kick-off</Trans>
  );
}

/** Before the first sealed tip is sent: who could read it. */
export function Before({ pool, openings, account }: Props & { pool: string }) {
  const own = useOpensOwn(pool);
  const could = lookers(openings.keepers, account);
  const first = openings.seals.every(({ dealt }) => dealt == null);
  if (own || !first || !openings.has_keepers || !openings.host_could_look || could.length === 0) return null;
  return (
    <p className={styles.opens}>
      <CouldLook who={could} />
      <Link to="/me" hash="openers">
        <Trans>Open them yourself</Trans>
      </Link>
    </p>
  );
}
