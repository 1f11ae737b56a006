import { cx } from "./cx";
import styles from "./Score.module.css";

interface Props {
  /** `null` while it is not written. */
  home: number | null;
  away: number | null;
  className?: string | undefined;
}

/** A score around its colon, which stands in the middle whatever the digits are. Its size is the text's. */
export const Score = ({ home, away, className }: Props) => (
  <span className={cx(styles.score, className)}>
    <b>{home ?? "–"}</b>
    <span className={styles.colon}>:</span>
    <b>{away ?? "–"}</b>
  </span>
);
