import { Trans, useLingui } from "@lingui/react/macro";
import type { KeyboardEvent } from "react";

import { Choice as Pick } from "../../design/Choice";
import { TextField } from "../../design/TextField";
import { spoken } from "../../words/languages";
import type { ChoiceProps } from "../extra";
import { type FeeRule, isAmount } from "./fee";
import styles from "./Fee.module.css";

const SPLITS = { one: [100], three: [60, 30, 10], even: [50, 30, 20] };

type Split = keyof typeof SPLITS;

const usual = (): FeeRule => ({ amount: "10", currency: spoken() === "pt" ? "R$" : "€", split: SPLITS.three });

const nameOf = ({ split }: FeeRule): Split | undefined =>
  (Object.keys(SPLITS) as Split[]).find((name) => SPLITS[name].join() === split.join());

/** In these fields Enter would make the pool. */
const stay = (event: KeyboardEvent): void => {
  if (event.key === "Enter") event.preventDefault();
};

/** How much it is, and who gets it. */
function Details({ fee, change }: { fee: FeeRule; change: (fee: FeeRule) => void }) {
  const { t } = useLingui();
  return (
    <div className={styles.details} onKeyDown={stay}>
      <div className={styles.pair}>
        <TextField
          label={t`Amount for each player`}
          inputMode="decimal"
          autoComplete="off"
          value={fee.amount}
          onChange={(text) => change({ ...fee, amount: text.trim() })}
          error={!isAmount(fee.amount) && <Trans>Such as 10 or 12.50, at most 1,000,000.</Trans>}
        />
        <TextField
          label={t`Currency`}
          maxLength={8}
          autoComplete="off"
          value={fee.currency}
          onChange={(text) => change({ ...fee, currency: text.trim() })}
          error={fee.currency === "" && <Trans>Such as €.</Trans>}
        />
      </div>
      <Pick
        label={t`Who gets it?`}
        value={nameOf(fee) ?? "three"}
        choose={(next) => change({ ...fee, split: SPLITS[next] })}
        choices={[
          { value: "one", says: <Trans>All to the first</Trans> },
          { value: "three", says: "60 / 30 / 10" },
          { value: "even", says: "50 / 30 / 20" },
        ]}
      />
    </div>
  );
}

/** Whether players of a new pool pay an entry fee, how much, and who gets it. */
export function Choice({ features, change, Question }: ChoiceProps) {
  const { t } = useLingui();
  const fee = features.fee as FeeRule | undefined;
  return (
    <Question
      follows={
        fee === undefined ? (
          <Trans>Nobody pays anything to play.</Trans>
        ) : (
          <Trans>The money stays among you: the page only notes who has paid.</Trans>
        )
      }
    >
      <Pick
        label={t`Entry fee?`}
        value={fee === undefined ? "no" : "yes"}
        choose={(next) => change({ ...features, fee: next === "yes" ? usual() : undefined })}
        choices={[
          { value: "no", says: <Trans>No</Trans> },
          { value: "yes", says: <Trans>Yes</Trans> },
        ]}
      />
      {fee !== undefined && <Details fee={fee} change={(next) => change({ ...features, fee: next })} />}
    </Question>
  );
}
