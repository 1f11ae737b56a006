import { useLingui } from "@lingui/react/macro";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";

import { Button } from "./Button";
import { CrossIcon } from "./icons";
import styles from "./Sheet.module.css";

interface Props {
  title: ReactNode;
  open: boolean;
  close: () => void;
  children: ReactNode;
}

/** A sheet over the page: from below on a phone, in the middle on a wide screen. Its children live while it is open. */
export function Sheet(props: Props) {
  // A page has a hundred, of which few are ever opened.
  const [wanted, setWanted] = useState(props.open);
  if (props.open && !wanted) setWanted(true);
  return wanted ? <Opened {...props} /> : null;
}

function Opened({ title, open, close, children }: Props) {
  const { t } = useLingui();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // A text that is marked with a drag past the edge ends in a click on the sheet's surroundings.
  const pressedBeside = useRef(false);
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
      onPointerDown={(event) => {
        pressedBeside.current = event.target === dialog.current;
      }}
      onClick={(event) => {
        if (event.target === dialog.current && pressedBeside.current) close();
      }}
    >
      {open && (
        <div className={styles.inside}>
          <header className={styles.head}>
            <h2 id={heading}>{title}</h2>
            <Button look="bare" aria-label={t`Close`} onPress={close}>
              <CrossIcon />
            </Button>
          </header>
          {children}
        </div>
      )}
    </dialog>
  );
}
