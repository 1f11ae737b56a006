import { cx } from "./cx";
import styles from "./Score.module.css";

/** A score around its colon, which stands in the middle whatever the digits are. Its size is the text's. */
export const Score = ({ home, away, className }: { home: number; away: number; className?: string | undefined }) => (
  <span className={cx(styles.score, className)}>
    <b>{home}</b>
    <span className={styles.colon}>:</span>
    <b>{away}</b>
  </span>
);
