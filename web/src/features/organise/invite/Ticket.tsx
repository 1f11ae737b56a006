import { Plural, Trans } from "@lingui/react/macro";

import { Button } from "../../../design/Button";
import { Pile } from "../../../design/people";
import { useNow } from "../../../node/clock";
import { namesOf } from "../../../words/Names";
import { moment } from "../../../words/time";
import { nameOf } from "../me";
import styles from "../Organise.module.css";
import type { Ticket } from "./invitation";

/** Until when a link is good, and for how many. */
export function GoodFor({ uses, came, expires }: { uses: number; came: number; expires: number }) {
  const now_s = useNow(60);
  const free = uses - came;
  const until = moment(expires, now_s);
  if (expires <= now_s) return <Trans>This link has expired.</Trans>;
  if (free <= 0) return <Trans>This link has been used up.</Trans>;
  return came === 0 ? (
    <Plural
      value={free}
      one={`# person can join with it until ${until}.`}
      other={`Up to # people can join with it until ${until}.`}
    />
  ) : (
    <Plural
      value={free}
      one={`# more person can join with it until ${until}.`}
      other={`Up to # more people can join with it until ${until}.`}
    />
  );
}

/** A link, and who joined with it. */
export function TicketCard({ ticket, show }: { ticket: Ticket; show: (() => void) | undefined }) {
  const now_s = useNow(60);
  const { came, uses, expires, organiser } = ticket;
  const who = organiser === undefined ? undefined : nameOf(organiser);
  return (
    <li className={styles.card}>
      <div className={styles.line}>
        {came.length === 0 ? (
          <span>
            <Trans>No one has joined with it yet.</Trans>
          </span>
        ) : (
          <strong>{namesOf(came)}</strong>
        )}
        <Pile people={came} />
      </div>
      <p className={styles.soft}>
        <GoodFor uses={uses} came={came.length} expires={expires} />{" "}
        {who !== undefined && <Trans>Created by {who}.</Trans>}
      </p>
      {show !== undefined && expires > now_s && uses > came.length && (
        <div className={styles.doing}>
          <Button look="well" onPress={show}>
            <Trans>Show link</Trans>
          </Button>
        </div>
      )}
    </li>
  );
}
