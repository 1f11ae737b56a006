import { PencilIcon, TickIcon } from "../../design/icons";
import type { TipState } from "../../design/State";
import styles from "./Line.module.css";

/** At the end of a line: how sure its tip is. */
export function Sign({ drafted, state }: { drafted: boolean; state: TipState | undefined }) {
  if (drafted)
    return (
      <span className={styles.pencil}>
        <PencilIcon size={16} />
      </span>
    );
  switch (state) {
    case undefined:
      return null;
    case "stamped":
      return <TickIcon size={20} />;
    case "late":
      return <strong className={styles.late}>!</strong>;
    default:
      return <span className={styles.ring} />;
  }
}
