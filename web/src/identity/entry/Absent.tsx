import { Trans } from "@lingui/react/macro";

import { buttonClass } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { Link } from "../../route";
import { namesOf } from "../../words/Names";
import { playersElsewhere } from "../../keys/player";

/** To whoever has no key for this pool here: a newcomer, or somebody whose pool has been replaced by another at the same address. */
export function Absent({ pool }: { pool: string }) {
  const others = playersElsewhere(pool);
  const elsewhere = namesOf(others.map(({ account, name }) => ({ account, name: name === "" ? null : name })));
  return (
    <Notice look={others.length === 0 ? "plain" : "soon"}>
      <p>
        {others.length === 0 ? (
          <Trans>You’re not playing on this device yet.</Trans>
        ) : (
          <Trans>
            <strong>This is not the pool you play in here as {elsewhere}</strong>, but a different one at the same
            address. If nobody told you about it, ask your friends before you join. Your key for the other pool stays on
            this device.
          </Trans>
        )}
      </p>
      <Link to="/join" className={buttonClass("main")}>
        <Trans>Join, or enter your 24 words</Trans>
      </Link>
    </Notice>
  );
}
