import { Trans } from "@lingui/react/macro";

import { Empty } from "../design/Empty";
import { Link } from "../route";

/** The page's own 404. */
export function Lost() {
  return (
    <Empty title={<Trans>Page not found</Trans>}>
      <Trans>
        Check the address, or <Link to="/">go to your tips</Link>.
      </Trans>
    </Empty>
  );
}
