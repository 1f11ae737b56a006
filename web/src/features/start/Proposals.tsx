import { Trans } from "@lingui/react/macro";

import { Switch } from "./Switch";

interface Props {
  on: boolean;
  turn: (on: boolean) => void;
}

/** Whether the node is to read a competition's results. */
export const Proposals = ({ on, turn }: Props) => (
  <Switch
    on={on}
    turn={turn}
    follows={<Trans>Your computer reads the results from openfootball. You confirm them with one tap.</Trans>}
  >
    <Trans>Propose results automatically</Trans>
  </Switch>
);
