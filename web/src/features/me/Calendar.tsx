import { Trans } from "@lingui/react/macro";
import { useRef, useState } from "react";

import { Button, buttonClass } from "../../design/Button";
import { copy } from "../../design/copy";
import styles from "./Me.module.css";
import { RowSheet } from "./Row";

/** The pool's matches for the calendar of a phone, which asks for them again by itself. */
export function Calendar({ account }: { account: string }) {
  const shown = useRef<HTMLParagraphElement>(null);
  const [copied, setCopied] = useState<boolean>();
  const place = `/api/v1/players/${account}/calendar.ics`;
  const address = location.origin + place;
  return (
    <RowSheet name={<Trans>Calendar</Trans>}>
      <p>
        <Trans>All matches in your own calendar, with an alarm an hour before each.</Trans>
      </p>
      <div className={styles.ways}>
        <a className={buttonClass()} href={`webcal://${location.host}${place}`}>
          <Trans>Add to my calendar</Trans>
        </a>
        <Button look="quiet" onPress={() => void copy(address, shown.current).then(setCopied)}>
          {copied === true ? <Trans>Copied</Trans> : <Trans>Copy the address</Trans>}
        </Button>
      </div>
      <p className={styles.account} ref={shown}>
        {address}
      </p>
      <div role="status">
        {copied === false && <Trans>This browser can’t copy it for you. Press and hold the address to copy it.</Trans>}
      </div>
    </RowSheet>
  );
}
