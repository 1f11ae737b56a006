import { useLingui } from "@lingui/react/macro";

import type { Near } from "../../node/tips";
import styles from "./Form.module.css";

/** How a player fared in the last matches, the latest at the end. */
export function Form({ of }: { of: readonly Near[] | undefined }) {
  const { t } = useLingui();
  const says = { exact: t`exact`, points: t`points`, none: t`no points` };
  if (of === undefined) return null;
  return (
    <span role="img" aria-label={of.map((it) => says[it]).join(", ")} className={styles.form}>
      {of.map((it, at) => (
        <span key={at} className={styles.dot} data-is={it} />
      ))}
    </span>
  );
}

/** One of its signs, beside a word that says what it means. */
export const Dot = ({ is }: { is: Near }) => <span className={styles.dot} data-is={is} aria-hidden="true" />;
