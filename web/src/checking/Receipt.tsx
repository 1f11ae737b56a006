import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Button } from "../design/Button";
import { Failure } from "../design/Failure";
import { Skeleton } from "../design/Skeleton";
import { save } from "../device/save";
import { node, type Shapes } from "../node/client";
import styles from "./Slip.module.css";
import { SlipReport } from "./SlipReport";

interface Props {
  transaction: string;
  /** Whose it is. */
  account: string;
  /** A receipt says more once it is final. */
  state: Shapes["BetBody"]["state"];
  /** What names its file. */
  name: string;
}

/** The receipt of a transaction: checked here at once, and saved as a file. */
export function Receipt({ transaction, account, state, name }: Props) {
  const slip = useQuery({
    queryKey: ["slip", transaction, state],
    queryFn: async ({ signal }) => {
      const { data, error } = await node.GET("/api/v1/transactions/{id}/slip", {
        signal,
        params: { path: { id: transaction } },
      });
      if (data === undefined) throw error;
      return `${JSON.stringify(data)}\n`;
    },
  });
  if (slip.isError) return <Failure error={slip.error} again={() => void slip.refetch()} />;
  if (slip.data === undefined) return <Skeleton rows={2} />;
  const text = slip.data;
  return (
    <div className={styles.slip}>
      <SlipReport text={text} wanted={{ transaction, account }} />
      <Button look="main" onPress={() => save(new File([text], `${name}.slip.json`, { type: "application/json" }))}>
        <Trans>Save the receipt</Trans>
      </Button>
    </div>
  );
}
