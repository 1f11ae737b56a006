import { Trans } from "@lingui/react/macro";

import { Points } from "../../design/Points";
import type { Rules } from "./first";
import styles from "./Start.module.css";
import { pointsOf } from "./ways";

/** When tips are confirmed. */
export const Confirms = ({ by }: { by: Rules["consensus"] }) =>
  by === "pos" ? (
    <Trans>
      This computer confirms tips instantly. While it’s off, tips wait; any still waiting at kick-off don’t count.
    </Trans>
  ) : (
    <Trans>Any friend’s computer that is on takes tips. They’re confirmed once this one has seen them too.</Trans>
  );

/** What people agree to, in five sentences; the numbers first. */
export function InShort({ rules, proposes }: { rules: Rules; proposes: boolean }) {
  const scoring = pointsOf(rules)?.scoring;
  return (
    <section className={styles.short}>
      {scoring !== undefined && <Points scoring={scoring} />}
      <ul className={styles.sentences}>
        <li>
          {rules.tips === "sealed" ? (
            <Trans>Tips are hidden until kick-off. Until then anyone can change their own.</Trans>
          ) : (
            <Trans>Everyone can see every tip right away, and change their own until kick-off.</Trans>
          )}
        </li>
        <li>
          {rules.membership === "invite" ? (
            <Trans>Only people with your link can join.</Trans>
          ) : (
            <Trans>Anyone who can reach this computer can join.</Trans>
          )}
        </li>
        <li>
          {proposes ? (
            <Trans>Results are suggested automatically. You confirm them, and every player can object.</Trans>
          ) : (
            <Trans>You enter the results, and every player can object.</Trans>
          )}
        </li>
        <li>
          <Confirms by={rules.consensus} />
        </li>
        <li>
          <Trans>These rules can’t be changed later, not even by you.</Trans>
        </li>
      </ul>
    </section>
  );
}
