import { SelectOrdinal, Trans, useLingui } from "@lingui/react/macro";

import type { Shapes } from "../../node/client";
import type { TableProps } from "../extra";
import { money } from "./fee";
import styles from "./Fee.module.css";
import { Summary } from "./Summary";

/** What those get who stand at a place. */
function Share({ of: { place, shared_by, each }, currency }: { of: Shapes["PlaceShare"]; currency: string }) {
  const { i18n } = useLingui();
  const amount = money(i18n, each, currency);
  return (
    <li>
      <b>
        <SelectOrdinal value={place} one="#st" two="#nd" few="#rd" other="#th" />
      </b>
      {": "}
      {shared_by > 1 ? <Trans>{amount} each</Trans> : amount}
    </li>
  );
}

function Foot({ table: { scored, players }, fee }: { table: TableProps["table"]; fee: Shapes["FeeBody"] }) {
  const { paid, shares } = fee;
  return (
    <div className={styles.foot}>
      <Summary fee={fee} paid={paid} players={players} />
      {paid > 0 && scored > 0 && (
        <>
          <p>
            <Trans>As the table stands:</Trans>
          </p>
          <ul className={styles.shares}>
            {shares.map((share) => (
              <Share key={share.place} of={share} currency={fee.currency} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** How many have paid the entry fee, and once there are results, what each place would get of it. */
export const UnderTable = ({ table }: TableProps) => table.fee && <Foot table={table} fee={table.fee} />;
