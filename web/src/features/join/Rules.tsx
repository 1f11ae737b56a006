import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { FoldIcon, TickIcon } from "../../design/icons";
import { Points } from "../../design/Points";
import type { Shapes } from "../../node/client";
import { namesOf } from "../../words/Names";
import type { Agreed } from "./agreed";
import styles from "./Join.module.css";

/** Who could look before kick-off, while few share the work. */
function Few({ keepers }: { keepers: Shapes["PlayerRef"][] }) {
  const names = namesOf(keepers);
  return keepers.length === 1 ? (
    <Trans>{names}’s computer could technically read them earlier.</Trans>
  ) : (
    <Trans>Until one more computer shares the work, the computers of {names} together could read tips early.</Trans>
  );
}

const Fact = ({ icon, children }: { icon: ReactNode; children: ReactNode }) => (
  <div className={styles.fact}>
    {icon}
    <div>{children}</div>
  </div>
);

interface Props {
  pool: Agreed;
  /** Who could look into hidden tips, as the node says. */
  couldLook: Shapes["PlayerRef"][] | undefined;
}

/** What joining agrees to, at a glance: what a tip wins, when tips are seen, what there is to stake. */
export function Rules({ pool, couldLook }: Props) {
  const { i18n } = useLingui();
  const chips = i18n.number(pool.starting_chips);
  const { scoring } = pool.rules as { scoring?: object };
  return (
    <div className={styles.rules}>
      {scoring !== undefined && <Points scoring={scoring} />}
      <Fact icon={<FoldIcon size={20} />}>
        {pool.bets === "sealed" ? (
          <>
            <p>
              <Trans>Hidden until kick-off, then all tips are revealed.</Trans>
            </p>
            {couldLook !== undefined && (
              <p className={styles.soft}>
                <Few keepers={couldLook} />
              </p>
            )}
          </>
        ) : (
          <p>
            <Trans>Everyone can see every tip right away.</Trans>
          </p>
        )}
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
