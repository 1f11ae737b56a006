import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { EyeIcon, FoldIcon, ShieldIcon, TickIcon } from "../../design/icons";
import { Points } from "../../design/Points";
import { OtherPoints } from "../../extras/points/OtherPoints";
import type { Agreed } from "./agreed";
import styles from "./Join.module.css";

const Fact = ({ icon, children }: { icon: ReactNode; children: ReactNode }) => (
  <div className={styles.fact}>
    {icon}
    <div>{children}</div>
  </div>
);

/** What joining agrees to, at a glance: what a tip wins, when tips are seen, what there is to stake. */
export function Rules({ pool }: { pool: Agreed }) {
  const { i18n } = useLingui();
  const chips = i18n.number(pool.starting_chips);
  const { scoring } = pool.rules as { scoring?: object };
  return (
    <div className={styles.rules}>
      {scoring !== undefined && <Points scoring={scoring} />}
      <OtherPoints rules={pool.rules} />
      <Fact icon={<ShieldIcon size={20} />}>
        <p>
          <Trans>Nobody can change your tips, not even the host: your phone signs them.</Trans>
        </p>
      </Fact>
      <Fact icon={pool.bets === "sealed" ? <FoldIcon size={20} /> : <EyeIcon size={20} />}>
        <p>
          {pool.bets === "sealed" ? (
            <Trans>Hidden until kick-off, then all tips are revealed.</Trans>
          ) : (
            <Trans>Everyone can see every tip right away.</Trans>
          )}
        </p>
      </Fact>
      {pool.starting_chips > 0 && (
        <Fact icon={<TickIcon size={20} />}>
          <p>
            <Trans>You start with {chips} chips of play money.</Trans>
          </p>
        </Fact>
      )}
    </div>
  );
}
