import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { Skeleton } from "../../design/Skeleton";
import { useSoon } from "../../device/soon";
import { Competitions } from "./Competitions";
import { begin, NoCode, type Begun, type Kept, type Preview } from "./first";
import { JoinByLink } from "./JoinByLink";
import { Make } from "./Make";
import { OwnList } from "./OwnList";
import { Ready } from "./Ready";
import styles from "./Start.module.css";

/** Three questions: what is tipped, what the pool is called, and who is to come. */
export function Steps({ begun }: { begun: Begun }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState<"known" | "list" | "link">("known");
  const [preview, setPreview] = useState<Preview>();
  const [kept, setKept] = useState<Kept>();
  const back = (): void => setAt("known");
  if (kept !== undefined) return <Ready kept={kept} />;
  if (preview !== undefined)
    return <Make begun={begun} preview={preview} back={() => setPreview(undefined)} done={setKept} />;
  if (at === "list") return <OwnList begun={begun} take={setPreview} back={back} />;
  if (at === "link") return <JoinByLink begun={begun} done={setKept} back={back} />;
  return (
    <div className={styles.start}>
      <Competitions begun={begun} typed={typed} type={setTyped} take={setPreview} other={setAt} />
    </div>
  );
}

/** The first run: a pool is made, or joined, on this computer. */
export function Start() {
  const begun = useQuery({ queryKey: ["start"], queryFn: begin, retry: false, gcTime: Infinity });
  const drawn = useSoon(begun.data !== undefined);
  if (begun.error instanceof NoCode)
    return (
      <Empty title={<Trans>Open this page from the program</Trans>}>
        <Trans>
          Type <code>bolao start</code> on this computer. It opens this page with a code that works once.
        </Trans>
      </Empty>
    );
  if (begun.error !== null) return <Failure error={begun.error} />;
  if (begun.data === undefined || !drawn) return <Skeleton rows={5} height={72} />;
  return <Steps begun={begun.data} />;
}
