import { Trans } from "@lingui/react/macro";

import { Choice } from "../../design/Choice";
import { lookers } from "../../identity/shares/deliver";
import { chooseOpensOwn, useOpensOwn } from "../../identity/shares/opensOwn";
import { useOpenings } from "../../node/queries";
import { namesOf } from "../../words/Names";
import styles from "./Me.module.css";

/** Who opens sealed tips at kick-off, where whoever does could look before. */
export function Openers({ pool, account }: { pool: string; account: string }) {
  const own = useOpensOwn(pool);
  const { data } = useOpenings(account);
  if (data?.has_keepers !== true) return null;
  const could = data.host_could_look ? lookers(data.keepers, account) : [];
  if (could.length === 0 && !own) return null;
  const names = namesOf(could);
  return (
    <section className={styles.section} id="openers">
      <h2>
        <Trans>Sealed tips</Trans>
      </h2>
      <Choice
        label={<Trans>Who opens them</Trans>}
        value={own ? "own" : "keepers"}
        choices={[
          { value: "keepers", says: <Trans>The keepers</Trans> },
          { value: "own", says: <Trans>I do, with this page</Trans> },
        ]}
        choose={(value) => chooseOpensOwn(pool, value === "own")}
      />
      <p>
        {own ? (
          <Trans>
            Nobody else can open what you send from now on: look in after each kick-off. What stays sealed does not
            count. What the keepers were handed before, they keep.
          </Trans>
        ) : could.length === 1 ? (
          <Trans>
            {names}’s program opens them at kick-off, also while this device is off. It could look before kick-off.
          </Trans>
        ) : (
          <Trans>
            The programs of {names} open them at kick-off, also while this device is off. Together they could look
            before kick-off, none of them alone.
          </Trans>
        )}
      </p>
    </section>
  );
}
