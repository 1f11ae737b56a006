import { Trans } from "@lingui/react/macro";

import { Empty } from "../design/Empty";

/** A place that nobody has built yet. */
export function Soon() {
  return <Empty title={<Trans>Not built yet</Trans>} />;
}
