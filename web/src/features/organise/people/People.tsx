import { Trans } from "@lingui/react/macro";

import { Card, Section } from "../../../design/Card";
import { Person } from "../../../design/people/Person";
import { Unread } from "../../../design/Unread";
import { useOrganisers, usePlayers, useValidators } from "../../../node/queries";
import { useOwnOffice } from "../me";
import { Organisers } from "./Organisers";
import { Validators } from "./Validators";
import styles from "../Organise.module.css";

/** Who organises, who plays, and whose computers are validators. */
export function People() {
  const organisers = useOrganisers();
  const validators = useValidators();
  const players = usePlayers();
  const { account } = useOwnOffice();
  if (organisers.data === undefined || validators.data === undefined || players.data === undefined)
    return <Unread of={[organisers, validators, players]} rows={4} height={72} />;
  return (
    <div className={styles.beside}>
      <div>
        <Section className={styles.section} title={<Trans>Organisers</Trans>}>
          <Organisers body={organisers.data} players={players.data} account={account} />
        </Section>
        <Section title={<Trans>Players</Trans>} aside={players.data.length}>
          <Card>
            <ul>
              {players.data.map((player) => (
                <Person key={player.account} who={player} own={player.account === account} />
              ))}
            </ul>
          </Card>
        </Section>
      </div>
      {validators.data.validators.length > 0 && (
        <Section className={styles.section} title={<Trans>Validators</Trans>}>
          <Validators body={validators.data} account={account} />
        </Section>
      )}
    </div>
  );
}
