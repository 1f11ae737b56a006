import { Trans } from "@lingui/react/macro";

import { According } from "../../design/According";
import { Notice } from "../../design/Notice";
import { useStatus } from "../../node/queries";

/** What an organiser is to know of the vote of the computer that this page comes from. */
export function OwnVote() {
  const vote = useStatus().data?.own_vote;
  if (vote === "only_here") {
    return (
      <Notice look="soon">
        <According>
          <details>
            <summary>
              <Trans>Keep a backup: if this pool’s computer breaks, the pool could be lost.</Trans>
            </summary>
            <Trans>
              Make one on it: <code>bolao backup FILE</code>. Or let a friend’s computer confirm tips too, under People.
              Your 24 words and a friend’s computer that has everything also bring the pool back.
            </Trans>
          </details>
        </According>
      </Notice>
    );
  }
  return vote === "waits" ? (
    <Notice look="bad">
      <According>
        <Trans>
          This computer doesn’t confirm tips yet, so that it confirms nothing twice. <code>bolao status</code> on it
          says what it waits for.
        </Trans>
      </According>
    </Notice>
  ) : null;
}
