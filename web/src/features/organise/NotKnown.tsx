import { Trans } from "@lingui/react/macro";

/** Where something is to be signed of a kind that this page does not know. */
export const NotKnown = () => (
  <p>
    <Trans>This page does not know what it changes.</Trans>
  </p>
);
