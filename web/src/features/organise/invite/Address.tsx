import { Plural, Trans } from "@lingui/react/macro";

import { useAddress } from "../../../checking/state";
import { Button } from "../../../design/Button";
import { Host } from "../../../design/Host";
import { signatures } from "../../../identity/assent/reported";
import { Refusal } from "../../../identity/sending/Refusal";
import { useOffice } from "../../../identity/sending/useSend";
import type { Shapes } from "../../../node/client";
import { useOrganisers, usePool } from "../../../node/queries";
import { useOwnOffice } from "../me";
import styles from "../Organise.module.css";
import { signedBy } from "../outcome";
import { Signers } from "../Signers";

/** An address that organisers may sign: behind HTTPS, where it opens. */
function mayBe({ url, trouble }: Pick<Shapes["LinkBody"], "url" | "trouble">): string | undefined {
  return trouble == null && url.startsWith("https://") && URL.canParse(url) ? new URL(url).origin : undefined;
}

/** The addresses of the pool's page that wait for a signature: those that organisers have begun to sign, and the one that the node has. */
export function Address({ said }: { said: Shapes["LinkBody"] }) {
  const { data: body } = useOrganisers();
  const { account } = useOwnOffice();
  const signed = useAddress(usePool().id);
  const sending = useOffice();
  if (body === undefined) return null;
  const needed = body.address_signatures_needed;
  const own = mayBe(said);
  const begun = body.addresses.filter(({ address }) => mayBe({ url: address }) === address);
  const isNew = own !== undefined && own !== signed && begun.every(({ address }) => address !== own);
  const waiting = [...begun, ...(isNew ? [{ address: own, signers: [] }] : [])];
  const sign = (address: string, signers: readonly Shapes["PlayerRef"][]): void => {
    const act = { type: "address", address } as const;
    sending.mutate({ act, seen: signatures(act, signers) });
  };
  return waiting.map(({ address, signers }) => (
    <div key={address} className={styles.card}>
      <p>
        <Trans>Is this your pool’s address?</Trans>
      </p>
      <Host of={address} />
      <p className={styles.soft}>
        <Trans>
          Once it’s signed, every player’s page offers to move there, and invitations lead there. Sign only what one of
          you has set up.
        </Trans>
      </p>
      {signers.length > 0 && <Signers vote={{ signers, signatures_needed: needed }} />}
      {signers.length === 0 && needed > 1 && (
        <p className={styles.soft}>
          <Plural value={needed} one="# organiser must confirm it." other="# organisers must confirm it." />
        </p>
      )}
      <Refusal error={sending.error} />
      {!signedBy(signers, account) && (
        <div className={styles.doing}>
          <Button look="main" isDisabled={sending.isPending} onPress={() => sign(address, signers)}>
            <Trans>Sign it</Trans>
          </Button>
        </div>
      )}
    </div>
  ));
}
