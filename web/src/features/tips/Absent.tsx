import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { buttonClass } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { namesElsewhere } from "../../identity/player";
import { listed } from "../../words/Names";

/** To whoever has no key for this pool here: a newcomer, or somebody whose pool has been replaced by another at the same address. */
export function Absent({ pool }: { pool: string }) {
  const elsewhere = listed(namesElsewhere(pool));
  return (
    <Notice look={elsewhere === "" ? "plain" : "soon"}>
      <p>
        {elsewhere === "" ? (
          <Trans>You do not play on this device yet.</Trans>
        ) : (
          <Trans>
            <strong>This is not the pool in which you play at this address as {elsewhere}</strong>, but another one. If
            nobody has told you of it, ask your friends before you join. Your key for the other one stays on this
            device.
          </Trans>
        )}
      </p>
      <Link to="/join" className={buttonClass("main")}>
        <Trans>Join, or bring your words</Trans>
      </Link>
    </Notice>
  );
}
