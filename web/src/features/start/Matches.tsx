import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState, type ReactNode } from "react";

import { Button } from "../../design/Button";
import { MatchSource } from "../../design/MatchSource";
import { Competitions } from "./Competitions";
import { preview as look, type Begun, type Preview } from "./first";
import { Found } from "./Found";
import styles from "./Start.module.css";

/** What takes another's place also takes the focus, which that one had. */
function Place({ label, taken, children }: { label: string; taken: boolean; children: ReactNode }) {
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (taken) place.current?.focus();
  }, [taken]);
  return (
    <section ref={place} tabIndex={-1} aria-label={label} className={styles.question}>
      {children}
    </section>
  );
}

/** Which matches: those of a competition, or a list of one's own; then what was read. */
export function Matches({
  begun,
  preview,
  take,
}: {
  begun: Begun;
  preview: Preview | undefined;
  take: (preview: Preview | undefined) => void;
}) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const [own, setOwn] = useState(false);
  const [moved, setMoved] = useState(false);
  const move = <Given extends unknown[]>(go: (...given: Given) => void) => {
    return (...given: Given): void => {
      setMoved(true);
      go(...given);
    };
  };
  if (preview !== undefined)
    return (
      <Place key="found" label={preview.competition?.name ?? t`Matches`} taken={moved}>
        <Found preview={preview} again={move(() => take(undefined))} />
      </Place>
    );
  if (!own)
    return (
      <Place key="known" label={t`Matches`} taken={moved}>
        <Competitions begun={begun} typed={typed} type={setTyped} take={move(take)} other={move(() => setOwn(true))} />
      </Place>
    );
  return (
    <Place key="own" label={t`Matches`} taken={moved}>
      <MatchSource
        label={t`Which matches?`}
        places={["file", "address", "text"]}
        zone={begun.zone}
        read={(source) => look(begun, source)}
        take={move(take)}
      />
      <Button look="quiet" onPress={move(() => setOwn(false))}>
        <Trans>Choose a competition</Trans>
      </Button>
    </Place>
  );
}
