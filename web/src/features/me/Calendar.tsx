import { Trans } from "@lingui/react/macro";
import { useRef, useState } from "react";

import { inHost } from "../../device/address";
import { Button, buttonClass } from "../../design/Button";
import { copy } from "../../design/copy";
import styles from "./Me.module.css";
import { RowSheet } from "./Row";

/** Where only players may look, no calendar can ask for the matches again: the file has them as they are now. */
const Once = ({ place }: { place: string }) => (
  <RowSheet name={<Trans>Calendar</Trans>}>
    <p>
      <Trans>
        All matches in your own calendar, with an alarm an hour before each. Only players can look at this pool, so your
        calendar can’t ask for changes: download the file again after some time.
      </Trans>
    </p>
    <a className={buttonClass()} href={place} download>
      <Trans>Download for my calendar</Trans>
    </a>
  </RowSheet>
);

/** The pool's matches for the calendar of a phone, which asks for them again by itself unless the pool is `closed` to it. */
export function Calendar({ account, closed }: { account: string; closed: boolean }) {
  const shown = useRef<HTMLParagraphElement>(null);
  const [copied, setCopied] = useState<boolean>();
  const place = inHost(`/api/v1/players/${account}/calendar.ics`);
  const at = location.origin + place;
  if (closed) return <Once place={place} />;
  return (
    <RowSheet name={<Trans>Calendar</Trans>}>
      <p>
        <Trans>All matches in your own calendar, with an alarm an hour before each.</Trans>
      </p>
      <div className={styles.ways}>
        <a className={buttonClass()} href={`webcal://${location.host}${place}`}>
          <Trans>Add to my calendar</Trans>
        </a>
        <Button look="quiet" onPress={() => void copy(at, shown.current).then(setCopied)}>
          {copied === true ? <Trans>Copied</Trans> : <Trans>Copy the address</Trans>}
        </Button>
      </div>
      <p className={styles.account} ref={shown}>
        {at}
      </p>
      <div role="status">
        {copied === false && <Trans>This browser can’t copy it for you. Press and hold the address to copy it.</Trans>}
      </div>
    </RowSheet>
  );
}
