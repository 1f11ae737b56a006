import { Trans } from "@lingui/react/macro";

import { checkNow } from "../../checking/check";
import { check } from "../../checking/state";
import { Button } from "../../design/Button";
import { Skeleton } from "../../design/Skeleton";
import { useStore } from "../../device/store";

/** In place of blocks, where this device has not read the pool: it draws none that it has not checked. */
export function NotRead({ rows, height }: { rows: number; height: number }) {
  const { is } = useStore(check);
  if (is === "not-begun" || is === "running" || is === "done") return <Skeleton rows={rows} height={height} />;
  return (
    <>
      <p>
        <Trans>This device hasn’t read the pool yet. It shows only blocks that it has checked.</Trans>
      </p>
      <Button onPress={() => void checkNow()}>
        <Trans>Check now</Trans>
      </Button>
    </>
  );
}
