import { Plural, Trans, useLingui } from "@lingui/react/macro";

import { type FeeRule, money } from "./fee";

interface Props {
  fee: Pick<FeeRule, "amount" | "currency">;
  /** How many have paid, */
  paid: number;
  /** and of how many. */
  players: number;
}

/** The entry fee, and how many have paid it. */
export function Summary({ fee, paid, players }: Props) {
  const { i18n } = useLingui();
  const amount = money(i18n, fee.amount, fee.currency);
  return (
    <p>
      <Trans>Entry fee {amount}, paid outside the pool.</Trans>{" "}
      <Plural value={paid} one={`# of ${players} has paid.`} other={`# of ${players} have paid.`} />
    </p>
  );
}
