import { Trans } from "@lingui/react/macro";

import { Choice } from "../../design/Choice";
import { lookers } from "../../identity/shares/deliver";
import { chooseOpensOwn, useOpensOwn } from "../../identity/shares/opensOwn";
import { useOpenings } from "../../node/queries";
import { namesOf } from "../../words/Names";
import { RowSheet } from "./Row";

/** Who opens sealed tips at kick-off, where whoever does could look before. */
export function Openers({ pool, account }: { pool: string; account: string }) {
  const own = useOpensOwn(pool);
  const { data } = useOpenings(account);
  if (data?.has_keepers !== true) return null;
  const could = data.host_could_look ? lookers(data.keepers, account) : [];
  if (could.length === 0 && !own) return null;
  const names = namesOf(could);
  return (
    <RowSheet
      id="openers"
      name={<Trans>Hidden tips</Trans>}
      says={own ? <Trans>This page</Trans> : <Trans>Validators</Trans>}
    >
      <Choice
        label={<Trans>Revealed by</Trans>}
        value={own ? "own" : "keepers"}
        choices={[
          { value: "keepers", says: <Trans>Validators</Trans> },
          { value: "own", says: <Trans>This page</Trans> },
        ]}
        choose={(value) => chooseOpensOwn(pool, value === "own")}
      />
      <p>
        {own ? (
          <Trans>
            Nobody else can reveal the tips you send from now on, so open this page after each kick-off. A tip that is
            never revealed doesn’t count. Validators keep what they already have.
          </Trans>
        ) : could.length === 1 ? (
          <Trans>
            {names}’s computer reveals them at kick-off, even when this device is off. It could technically read them
            early.
          </Trans>
        ) : (
          <Trans>
            The computers of {names} reveal them at kick-off, even when this device is off. Together they could read
            them early; none of them can do it without the others.
          </Trans>
        )}
      </p>
    </RowSheet>
  );
}
