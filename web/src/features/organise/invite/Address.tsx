import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { bare } from "../../../node/reach";
import { saidBy } from "../../../checking/link";
import { last, useAddress } from "../../../checking/state";
import { Button } from "../../../design/Button";
import { Host } from "../../../design/Host";
import { signatures } from "../../../identity/assent/reported";
import { Refusal } from "../../../identity/sending/Refusal";
import { useOffice } from "../../../identity/sending/useSend";
import { useStore } from "../../../device/store";
import type { Shapes } from "../../../node/client";
import { useOrganisers, usePool } from "../../../node/queries";
import { useOwnOffice } from "../me";
import styles from "../Organise.module.css";
import { signedBy } from "../outcome";
import { Signers } from "../Signers";

/** An address that organisers may sign: behind HTTPS, where it opens. */
const mayBe = (url: string): string | undefined =>
  url.startsWith("https://") && URL.canParse(url) ? bare(url) : undefined;

/** The node's own link, if a player's computer has signed that it answers there: the node's bare word offers nothing. */
function useOwnLink({ link, links = [] }: Shapes["StatusBody"]): { address: string; by: string } | undefined {
  const address = link.trouble == null ? mayBe(link.url) : undefined;
  // Computers say it of a host: all paths have its certificate.
  const said = links.find(({ url }) => address !== undefined && url === new URL(address).origin);
  const tip = useStore(last)?.checked.tip;
  const { data: by } = useQuery({
    queryKey: ["link-said", said, tip],
    enabled: said !== undefined && tip !== undefined,
    retry: false,
    gcTime: 0,
    queryFn: async () => (said === undefined ? null : saidBy(said)),
  });
  return address === undefined || by == null ? undefined : { address, by };
}

/**
 * The addresses of the pool's page that wait for a signature: those that organisers have begun to sign, and the one that a player's
 * computer says is its own.
 */
export function Address({ status }: { status: Shapes["StatusBody"] }) {
  const { data: body } = useOrganisers();
  const { account } = useOwnOffice();
  const signed = useAddress(usePool().id);
  const sending = useOffice();
  const own = useOwnLink(status);
  const by = own?.by;
  if (body === undefined) return null;
  const needed = body.address_signatures_needed;
  const begun = body.addresses.filter(({ address }) => mayBe(address) === address);
  const isNew = own !== undefined && own.address !== signed && begun.every(({ address }) => address !== own.address);
  const waiting = [...begun, ...(isNew ? [{ address: own.address, signers: [] }] : [])];
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
      {by !== undefined && own?.address === address && (
        <p className={styles.soft}>
          <Trans>{by}’s computer answers there.</Trans>
        </p>
      )}
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
