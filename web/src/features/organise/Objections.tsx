import { Trans } from "@lingui/react/macro";

import type { Item } from "../../identity/assent/kinds";
import { useObjected } from "../../identity/assent/objections";
import { usePool } from "../../node/queries";
import { nameOf } from "./me";
import styles from "./Organise.module.css";

/** Who says that the record that stands is wrong. */
export function Objections({ of }: { of: Item }) {
  const objections = useObjected(usePool().id, [of]);
  return objections.map(({ player, text }) => {
    const name = nameOf(player);
    return (
      <p key={player.account} className={styles.soft}>
        <Trans>
          {name}: “{text}”
        </Trans>
      </p>
    );
  });
}
