import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { Choice } from "../../design/Choice";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { Skeleton } from "../../design/Skeleton";
import { useSoon } from "../../device/soon";
import { begin, NoCode, type Kept } from "./first";
import { JoinByLink } from "./JoinByLink";
import { Make } from "./Make";
import { Ready } from "./Ready";
import styles from "./Start.module.css";

/** The first run: a pool is made, or joined, on this computer. */
export function Start() {
  const { t } = useLingui();
  const begun = useQuery({ queryKey: ["start"], queryFn: begin, retry: false, gcTime: Infinity });
  const drawn = useSoon(begun.data !== undefined);
  const [what, setWhat] = useState<"make" | "join">("make");
  const [kept, setKept] = useState<Kept>();
  const made = kept !== undefined;
  // The answers before reach farther down than what comes of them.
  useEffect(() => {
    if (made) scrollTo(0, 0);
  }, [made]);
  if (kept !== undefined) return <Ready kept={kept} />;
  if (begun.error instanceof NoCode)
    return (
      <Empty title={<Trans>Start here from the program</Trans>}>
        <Trans>
          Type <code>bolao start</code> on this computer: it opens this page with a code that is good once.
        </Trans>
      </Empty>
    );
  if (begun.error !== null) return <Failure error={begun.error} />;
  if (begun.data === undefined || !drawn) return <Skeleton rows={5} height={72} />;
  return (
    <div className={styles.start}>
      <header>
        <h1>
          <Trans>A betting pool among friends</Trans>
        </h1>
        <p className={styles.soft}>
          <Trans>It lives on your own computers. No account, nobody in the middle.</Trans>
        </p>
      </header>
      <Choice
        label={t`What to do`}
        silent
        value={what}
        choose={setWhat}
        choices={[
          { value: "make", says: <Trans>Make a pool</Trans> },
          { value: "join", says: <Trans>I have a link</Trans> },
        ]}
      />
      {what === "make" ? <Make begun={begun.data} done={setKept} /> : <JoinByLink begun={begun.data} done={setKept} />}
    </div>
  );
}
