import { Trans } from "@lingui/react/macro";
import { useEffect, useState, type ReactNode } from "react";

import { Button } from "../../design/Button";
import { Busy } from "../../design/Failure";
import { Notice } from "../../design/Notice";
import { isBusy } from "../../node/client";
import { RulesError } from "../../rules";
import styles from "./Join.module.css";

/** Something that joining needs is not there, and a way to try again; `broken` says what it is where the node answers. */
export function Missing({ error, again, broken }: { error: Error; again: () => void; broken: ReactNode }) {
  return (
    <Notice look="bad">
      <p>
        {isBusy(error) ? (
          <Busy />
        ) : error instanceof TypeError || (error instanceof RulesError && error.code === "away") ? (
          <Trans>Can’t reach the pool’s computer. It may be off, or you may have lost your connection.</Trans>
        ) : (
          broken
        )}
      </p>
      <Button onPress={again}>
        <Trans>Try again</Trans>
      </Button>
    </Notice>
  );
}

/** Not those that the pool's id names. */
const OTHER_RULES = ["other-pool", "bad-genesis"];

export function NoRules({ error, again }: { error: Error; again: () => void }) {
  const others = error instanceof RulesError && OTHER_RULES.includes(error.code);
  const broken = others ? (
    <Trans>
      This computer shows different rules from the ones the pool was made with, so you can’t join here. Tell the person
      who sent you the link.
    </Trans>
  ) : (
    <Trans>The part of this page that reads the rules didn’t load.</Trans>
  );
  return <Missing error={error} again={again} broken={broken} />;
}

/** Nobody who types a name is told before of what is usually over by then. */
const PATIENCE_MS = 4_000;

/** Why nobody can join yet, where that takes long. */
export function NotYet({ rules }: { rules: boolean }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <p role="status" className={styles.soft}>
      {rules ? (
        <Trans>Your phone is still checking that these are the pool’s rules. You can join once it has.</Trans>
      ) : (
        <Trans>Your phone is still reading the link. You can join once it has.</Trans>
      )}
    </p>
  );
}
