import { Trans } from "@lingui/react/macro";

import silent from "../../design/Silent.module.css";
import { useOrganisers } from "../../node/queries";
import { maybe, object, text } from "../../node/shape";
import { namesOf } from "../../words/Names";
import type { OnPeople, PersonProps } from "../extra";
import styles from "./Fee.module.css";
import { Note } from "./Note";
import { Summary } from "./Summary";
import { useFee } from "./useFee";

const isPlayer = object({ account: text, name: maybe(text) });

/** How many have paid. */
const Over: OnPeople["Over"] = ({ pool, players }) => {
  const fee = useFee(pool);
  const paid = players.filter(({ paid_to }) => paid_to != null).length;
  return (
    fee && (
      <div className={styles.over}>
        <Summary fee={fee} paid={paid} players={players.length} />
      </div>
    )
  );
};

/** Who of the organisers says that a player has paid; where there is only that one, it is only read out. */
function NotedBy({ player: { paid_to } }: PersonProps) {
  const { data } = useOrganisers();
  // A node that lies may answer anything.
  if (paid_to == null || !isPlayer(paid_to)) return null;
  const isOnlyOne = data?.organisers.every(({ account }) => account === paid_to.account);
  const who = namesOf([paid_to]);
  return (
    <span className={isOnlyOne === true ? silent.silent : undefined}>
      <Trans>paid, says {who}</Trans>
    </span>
  );
}

/** Who has paid, where organisers see the players. */
export const onPeople: OnPeople = { Over, UnderName: NotedBy, Beside: Note };
