import { Trans } from "@lingui/react/macro";

/** Where something is to be signed of a kind that this page does not know. */
export const NotKnown = () => (
  <p>
    <Trans>This page doesn’t know what this changes. Reload the page, or ask the organiser who proposed it.</Trans>
  </p>
);
