import { useLingui } from "@lingui/react/macro";
import { useEffect, useId, useRef, type ReactNode } from "react";

import { Button } from "./Button";
import { CrossIcon } from "./icons";
import styles from "./Sheet.module.css";

/** A sheet over the page: from below on a phone, in the middle on a wide screen. Its children live while it is open. */
export function Sheet({
  title,
  open,
  close,
  children,
}: {
  title: ReactNode;
  open: boolean;
  close: () => void;
  children: ReactNode;
}) {
  const { t } = useLingui();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      className={styles.sheet}
      aria-labelledby={heading}
      onClose={close}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      {open && (
        <div className={styles.inside}>
          <header className={styles.head}>
            <h2 id={heading}>{title}</h2>
            <Button look="quiet" aria-label={t`Close`} onPress={close}>
              <CrossIcon />
            </Button>
          </header>
          {children}
        </div>
      )}
    </dialog>
  );
}
