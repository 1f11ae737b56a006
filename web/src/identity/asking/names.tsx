import { Trans } from "@lingui/react/macro";
import { Fragment, type ReactNode } from "react";

import type { Template } from "./templates";

/** The templates as people call them. */
export const TEMPLATE_NAMES: Record<Template, ReactNode> = {
  champion: <Trans>Champion</Trans>,
  semis: <Trans>Semi-finalists</Trans>,
  group: <Trans>Group order</Trans>,
  scorer: <Trans>Top scorer’s team</Trans>,
  goals: <Trans>Number of goals</Trans>,
};

/** Several of them, in a line. */
export const TemplateNames = ({ of }: { of: readonly Template[] }) =>
  of.map((one, at) => (
    <Fragment key={one}>
      {at > 0 && " · "}
      {TEMPLATE_NAMES[one]}
    </Fragment>
  ));
