import { Trans } from "@lingui/react/macro";

import { Card, Section } from "../../../design/Card";
import { Person } from "../../../design/people/Person";
import { Unread } from "../../../design/Unread";
import { useOnPeople } from "../../../extras";
import { useOrganisers, usePlayers, usePool, useValidators } from "../../../node/queries";
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
  const { id: pool } = usePool();
  const extras = useOnPeople(pool);
  if (organisers.data === undefined || validators.data === undefined || players.data === undefined)
    return <Unread of={[organisers, validators, players]} rows={4} height={72} />;
  return (
    <div className={styles.beside}>
      <div>
        <Section className={styles.section} title={<Trans>Organisers</Trans>}>
          <Organisers body={organisers.data} players={players.data} account={account} />
        </Section>
        <Section title={<Trans>Players</Trans>} aside={players.data.length}>
          {extras.map(({ name, Over }) => (
            <Over key={name} pool={pool} players={players.data} />
          ))}
          <Card>
            <ul>
              {players.data.map((player) => (
                <Person
                  key={player.account}
                  who={player}
                  own={player.account === account}
                  says={extras.map(({ name, UnderName }) => (
                    <UnderName key={name} pool={pool} player={player} />
                  ))}
                >
                  {extras.map(({ name, Beside }) => (
                    <Beside key={name} pool={pool} player={player} />
                  ))}
                </Person>
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
