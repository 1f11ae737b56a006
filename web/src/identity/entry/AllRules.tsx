import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { Failure } from "../../design/Failure";
import { Sheet } from "../../design/Sheet";
import { Skeleton } from "../../design/Skeleton";
import { whileBusy } from "../../node/client";
import { Sentences } from "../../rulebook/Sentences";
import styles from "./AllRules.module.css";
import { openedOptions } from "../../keys/useOpened";

function Read({ pool }: { pool: string }) {
  const opened = useQuery({ ...openedOptions(pool), ...whileBusy });
  if (opened.isError) return <Failure error={opened.error} again={() => void opened.refetch()} />;
  if (opened.data === undefined) return <Skeleton rows={8} height={24} />;
  return (
    <ol className={styles.all}>
      <Sentences said={opened.data.said} />
    </ol>
  );
}

/** What opens all rules of the pool in words, as they were when it was made. */
export function AllRules({ pool, className, children }: { pool: string; className?: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={className} onClick={() => setOpen(true)}>
        {children}
      </button>
      {/* Over the page: beside what opens it there is no room for thirty sentences. */}
      <Sheet title={<Trans>All rules</Trans>} open={open} close={() => setOpen(false)}>
        <Read pool={pool} />
      </Sheet>
    </>
  );
}
