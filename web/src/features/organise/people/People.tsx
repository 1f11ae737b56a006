import { Trans } from "@lingui/react/macro";

import { Card, Heading } from "../../../design/Card";
import { Failure } from "../../../design/Failure";
import { Person } from "../../../design/people/Person";
import { Skeleton } from "../../../design/Skeleton";
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
  if (organisers.data === undefined || validators.data === undefined || players.data === undefined) {
    const error = organisers.error ?? validators.error ?? players.error;
    if (error === null) return <Skeleton rows={4} height={72} />;
    return (
      <Failure
        error={error}
        again={() => void Promise.all([organisers.refetch(), validators.refetch(), players.refetch()])}
      />
    );
  }
  return (
    <div className={styles.beside}>
      <div>
        <section className={styles.section}>
          <h2 className={styles.title}>
            <Trans>Organisers</Trans>
          </h2>
          <Organisers body={organisers.data} players={players.data} account={account} />
        </section>
        <section>
          <Heading aside={players.data.length}>
            <Trans>Players</Trans>
          </Heading>
          <Card>
            <ul>
              {players.data.map((player) => (
                <Person key={player.account} who={player} own={player.account === account} />
              ))}
            </ul>
          </Card>
        </section>
      </div>
      {validators.data.validators.length > 0 && (
        <section className={styles.section}>
          <h2 className={styles.title}>
            <Trans>Validators</Trans>
          </h2>
          <Validators body={validators.data} account={account} />
        </section>
      )}
    </div>
  );
}
