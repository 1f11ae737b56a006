import { useLingui } from "@lingui/react/macro";

import type { Progress } from "../rules";

/** How much is done, in whole percent. */
export function Percent({ height, of }: Progress) {
  const { i18n } = useLingui();
  return <>{i18n.number(of === 0 ? 0 : Math.floor((height / of) * 100) / 100, { style: "percent" })}</>;
}
