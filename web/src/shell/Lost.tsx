import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { Empty } from "../design/Empty";

/** The page's own 404. */
export function Lost() {
  return (
    <Empty title={<Trans>There is nothing here</Trans>}>
      <Trans>
        The address may have a slip of the pen. <Link to="/">Go to your tips</Link>.
      </Trans>
    </Empty>
  );
}
