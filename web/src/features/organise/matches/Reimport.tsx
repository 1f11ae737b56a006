import { Plural, Trans } from "@lingui/react/macro";
import { useState, type ReactNode } from "react";

import { Button } from "../../../design/Button";
import { Section } from "../../../design/Card";
import { MatchSource } from "../../../design/MatchSource";
import { Notice } from "../../../design/Notice";
import { isProblem } from "../../../node/client";
import { Unreadable } from "../../../node/shape";
import { Garbled } from "./ChangeParts";
import { Changes, type Shown } from "./Changes";
import { compare, textOf, type Compared } from "./compare";
import styles from "../Organise.module.css";
import { signedBy, type Waiting } from "../outcome";
import { usual } from "./reimport";

/** A newer list of the matches: what it changes, and what of that is signed. */
export function Reimport({ votes, account, close }: { votes: readonly Waiting[]; account: string; close: () => void }) {
  const [shown, setShown] = useState<Shown>();
  const take = (compared: Compared): void =>
    setShown({ compared, ticked: new Set(compared.changes.filter(usual).map(({ key }) => key)), again: 0 });
  const refused = (error: unknown, again: () => void): ReactNode =>
    error instanceof Unreadable ? (
      <Garbled />
    ) : isProblem(error) && error.code === "other-competition" ? (
      <Notice look="soon">
        <p>
          <Trans>
            Only a few of its matches have this pool’s teams. It may be an old list, or one for another competition.
          </Trans>
        </p>
        <Button onPress={again}>
          <Trans>Compare it anyway</Trans>
        </Button>
      </Notice>
    ) : undefined;
  return (
    <Section className={styles.section} title={<Trans>Update from a list</Trans>}>
      {shown === undefined ? (
        <>
          <p className={styles.soft}>
            <Trans>The list is compared with the pool’s matches. Nothing changes until you save.</Trans>
          </p>
          <MatchSource
            // Two organisers in two zones sign the same only if they say the same.
            zone=""
            read={(source, anyway) => compare(source, account, anyway)}
            textOf={textOf}
            understood={({ changes }) => (
              <p>
                <Plural
                  value={changes.length}
                  one="# difference from the pool’s matches"
                  other="# differences from the pool’s matches"
                />
              </p>
            )}
            take={take}
            go={() => <Trans>See the changes</Trans>}
            refused={refused}
          />
        </>
      ) : (
        <Changes
          key={`${shown.again} ${shown.compared.plan.zone}`}
          shown={shown}
          account={account}
          show={setShown}
          take={take}
          waits={votes.some(({ signers }) => signedBy(signers, account))}
        />
      )}
      <div className={styles.doing}>
        {shown !== undefined && (
          <Button onPress={() => setShown(undefined)}>
            <Trans>Use another list</Trans>
          </Button>
        )}
        <Button look="quiet" onPress={close}>
          <Trans>Back to matches</Trans>
        </Button>
      </div>
    </Section>
  );
}
