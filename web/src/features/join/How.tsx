import { Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Sheet } from "../../design/Sheet";
import { isLocal } from "../../node/reach";
import styles from "./Join.module.css";

/** What stands for an account, and more on tap. */
export function How({ open: isOpen }: { open: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.how}>
      {isOpen ? <Trans>No account, no e-mail. You can tip right away.</Trans> : <Trans>No account, no e-mail.</Trans>}{" "}
      <button type="button" className={styles.link} onClick={() => setOpen(true)}>
        <Trans>How?</Trans>
      </button>
      <Sheet title={<Trans>A key instead of an account</Trans>} open={open} close={() => setOpen(false)}>
        <p>
          <Trans>
            Your phone makes a secret key and signs your tips with it. Nobody else can make or change them, not even the
            person who runs this pool.
          </Trans>
        </p>
        <p>
          <Trans>
            You can write the key down as 24 words. They bring you back on another phone, so note them some time under
            “More”.
          </Trans>
        </p>
        {!isLocal(location.origin) && (
          <p>
            <Trans>
              This page comes from a friend’s computer. To rely on nobody, run Bolao on your own: its README says how.
            </Trans>
          </p>
        )}
      </Sheet>
    </div>
  );
}
