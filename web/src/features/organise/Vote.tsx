import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Button } from "../../design/Button";
import type { ReportedAdminAction } from "../../identity/assent/onChain";
import { Refusal } from "../../identity/sending/Refusal";
import { useOffice } from "../../identity/sending/useSend";
import styles from "./Organise.module.css";
import { signedBy } from "./outcome";
import { Signers, type Signed } from "./Signers";

interface Props {
  vote: Signed;
  account: string;
  /** What is signed with the others; `undefined` where this page does not know it. */
  office: ReportedAdminAction | undefined;
  /** What it says. */
  children: ReactNode;
}

/** What waits for signatures, and the button of who has not signed it. */
export function Vote({ vote, account, office, children }: Props) {
  const sending = useOffice();
  return (
    <li className={styles.card}>
      {children}
      <Signers vote={vote} />
      <Refusal error={sending.error} />
      {office !== undefined && vote.signable !== false && !signedBy(vote.signers, account) && (
        <div className={styles.doing}>
          <Button look="main" isDisabled={sending.isPending} onPress={() => sending.mutate(office)}>
            <Trans>Confirm it</Trans>
          </Button>
        </div>
      )}
    </li>
  );
}
