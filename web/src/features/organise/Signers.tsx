import { Plural, Trans } from "@lingui/react/macro";

import { nameOf } from "./me";
import styles from "./Organise.module.css";
import type { Waiting } from "./outcome";

/** What some have signed. */
export type Signed = Pick<Waiting, "signers" | "signatures_needed"> & Partial<Pick<Waiting, "signable">>;

/** Who has signed, and how many others it takes. */
export function Signers({ vote: { signers, signatures_needed, signable } }: { vote: Signed }) {
  const names = signers.map(nameOf).join(", ");
  const missing = signatures_needed - signers.length;
  return (
    <span className={styles.soft}>
      <Trans>Confirmed by {names}.</Trans>{" "}
      {signable === false ? (
        <Trans>It’s too late to confirm this.</Trans>
      ) : (
        <Plural
          value={missing}
          one="One more organiser needs to confirm it."
          other="# more organisers need to confirm it."
        />
      )}
    </span>
  );
}
