import { Trans } from "@lingui/react/macro";

import { Button } from "../../design/Button";
import { Disc } from "../../design/people";
import type { Player } from "../../keys/player";
import { NameRefusal } from "../../identity/entry/NameRefusal";
import { StaysLocked } from "../../keys/signer";
import styles from "./Join.module.css";

interface Props {
  /** Who plays on this device in other pools of this host. */
  people: readonly Player[];
  /** Who is joining. */
  joins: Player | undefined;
  /** Nobody can join yet. */
  waits: boolean;
  error: Error | null;
  join: (as: Player) => void;
  /** Somebody else wants to join. */
  leave: () => void;
}

/** Joins with the key and under the name of another pool of this host, by one tap. */
export default function As({ people, joins, waits, error, join, leave }: Props) {
  return (
    <div className={styles.form}>
      {people.map((one, at) => {
        const { account, name } = one;
        return (
          <Button
            key={account}
            look={at === 0 ? "main" : "plain"}
            wide
            isDisabled={waits || joins !== undefined}
            onPress={() => join(one)}
          >
            <Disc person={{ account, name }} size={24} />
            {joins?.account === account ? <Trans>One moment</Trans> : <Trans>Join as {name}</Trans>}
          </Button>
        );
      })}
      {error !== null && !(error instanceof StaysLocked) && <NameRefusal error={error} name={people[0]?.name ?? ""} />}
      <p className={styles.soft}>
        <Trans>With the same key: your 24 words work for both pools.</Trans>
      </p>
      <Button look="quiet" wide isDisabled={joins !== undefined} onPress={leave}>
        <Trans>As somebody else</Trans>
      </Button>
    </div>
  );
}
