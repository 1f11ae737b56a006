import { Trans } from "@lingui/react/macro";

import { Notice } from "../../design/Notice";
import { useStatus } from "../../node/queries";

/** What an organiser is to know of the vote of the computer that this page comes from. */
export function OwnVote() {
  const vote = useStatus().data?.own_vote;
  if (vote === "only_here") {
    return (
      <Notice look="soon">
        <Trans>
          If this pool’s computer breaks, only your 24 words together with a friend’s computer that has everything bring
          the pool back. Add a second validator under People, or make a backup on it: <code>bolao backup FILE</code>
        </Trans>
      </Notice>
    );
  }
  return vote === "waits" ? (
    <Notice look="bad">
      <Trans>
        This computer doesn’t confirm tips yet, so that it confirms nothing twice. <code>bolao status</code> on it says
        what it waits for.
      </Trans>
    </Notice>
  ) : null;
}
