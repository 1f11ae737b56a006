import { Trans } from "@lingui/react/macro";
import { useEffect, useEffectEvent } from "react";

import { Notice } from "../../design/Notice";

/** So long a thank-you stays. */
const THANKS_MS = 30_000;

/** Thanks for a while for results that were signed. `waits`: others must sign them too. */
export function Thanks({ waits, over }: { waits: boolean; over: () => void }) {
  const end = useEffectEvent(over);
  useEffect(() => {
    const timer = setTimeout(() => end(), THANKS_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Notice look="good">
      <p>
        {waits ? (
          <Trans>Signed. Thank you: it counts once enough organisers have signed the same.</Trans>
        ) : (
          <Trans>Signed. Thank you: the table is up to date.</Trans>
        )}
      </p>
    </Notice>
  );
}
