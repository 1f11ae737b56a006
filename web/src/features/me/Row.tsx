import { useState, type ReactNode } from "react";

import { ChevronIcon } from "../../design/icons";
import { Sheet } from "../../design/Sheet";
import { useHash } from "../../route";
import styles from "./Me.module.css";

/** A line that opens something: what it is about, and how that stands. */
export const Row = ({ name, says, press }: { name: ReactNode; says?: ReactNode; press: () => void }) => (
  <button type="button" onClick={press}>
    <span>{name}</span>
    {Boolean(says) && <span className={styles.says}>{says}</span>}
    <ChevronIcon size={16} />
  </button>
);

interface Props {
  /** An address that ends in it opens the sheet. */
  id?: string;
  name: ReactNode;
  says?: ReactNode;
  children: ReactNode;
}

/** The same with its sheet. */
export function RowSheet({ id, name, says, children }: Props) {
  const [open, setOpen] = useState(useHash() === id);
  return (
    <>
      <Row name={name} says={says} press={() => setOpen(true)} />
      <Sheet title={name} open={open} close={() => setOpen(false)}>
        <div className={styles.section}>{children}</div>
      </Sheet>
    </>
  );
}
