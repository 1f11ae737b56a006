import { Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Notice } from "../../design/Notice";
import { TemplateNames } from "../../identity/asking/names";
import { promisedOf, usePromised } from "../../identity/asking/promised";
import { Refusal } from "../../identity/sending/Refusal";
import styles from "./Start.module.css";

/** Where organisers ask: a whole new visit, as the tips are. */
const DESK = "/organise?desk=questions";

/** Asks the questions that come with the pool, and says what became of them. */
export function Asked({ pool, running }: { pool: string; running: boolean }) {
  const [promised] = useState(() => promisedOf(pool));
  const tried = usePromised(pool, running);
  const { asked, error } = tried ?? {};
  if (error !== undefined || asked?.length === 0)
    return (
      <>
        <Notice look="soon">
          <p>
            <Trans>
              Your questions couldn’t be asked. Ask them under <a href={DESK}>Organise</a>.
            </Trans>
          </p>
        </Notice>
        <Refusal error={error} />
      </>
    );
  if (promised.length === 0 || (tried !== undefined && asked === undefined)) return null;
  return (
    <p role="status" className={styles.lasts}>
      {asked === undefined ? (
        <Trans>Your questions are being asked …</Trans>
      ) : (
        <Trans>
          Asked: <TemplateNames of={asked} />. You can change them under <a href={DESK}>Organise</a>.
        </Trans>
      )}
    </p>
  );
}
