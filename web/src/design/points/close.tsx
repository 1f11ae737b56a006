import { Trans } from "@lingui/react/macro";

import { count, object } from "../../node/shape";
import { distinct, Figures, LABELS } from "./Figures";
import type { Kind } from "./kind";

interface Close {
  exact: number;
  close: number;
  result: number;
}

/** Points for a score that is close. */
export const CLOSE: Kind = {
  shape: object({ exact: count, close: count, result: count }),
  draw: ({ exact, close, result }: Close) => (
    <Figures
      of={distinct([
        [exact, LABELS.exact],
        [close, <Trans>close score</Trans>],
        [result, LABELS.tendency],
      ])}
    />
  ),
};
