import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Details } from "../design/Details";

/** What is technical about a place: blocks, signatures, validators. Folded, under everything that players came for. */
export const HowChecked = ({ children }: { children: ReactNode }) => (
  <Details title={<Trans>How it is checked</Trans>}>{children}</Details>
);
