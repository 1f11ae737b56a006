import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { provenFinal } from "../../../checking/state";
import { Button } from "../../../design/Button";
import { Choice } from "../../../design/Choice";
import { Refusal } from "../../../identity/sending/Refusal";
import { signer } from "../../../keys/signer";
import { nodeTime } from "../../../node/clock";
import { usePool } from "../../../node/queries";
import styles from "../Organise.module.css";
import { keepMade, left } from "./invitation";

const DAY_S = 86_400;

/** Makes a link for so many friends and days; `made` gets what stands after its `#`. */
export function NewLink({ first, made }: { first: boolean; made: (fragment: string) => void }) {
  const { t } = useLingui();
  const pool = usePool();
  const [uses, setUses] = useState<"1" | "5" | "20" | "100">("100");
  const [days, setDays] = useState<"1" | "7" | "30">("7");
  const making = useMutation({
    mutationFn: async () => {
      const rules = await signer(pool.id);
      const named = provenFinal();
      const now_s = Math.floor(nodeTime() / 1000);
      const expires = now_s + Number(days) * DAY_S;
      const fragment = await left(await rules.invite(Number(uses), expires, named));
      keepMade(pool.id, { fragment, uses: Number(uses), expires }, now_s);
      return fragment;
    },
    onSuccess: made,
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        making.mutate();
      }}
    >
      <Choice
        label={t`How many friends?`}
        value={uses}
        choose={setUses}
        choices={(["1", "5", "20", "100"] as const).map((value) => ({ value, says: value }))}
      />
      <Choice
        label={t`For how long?`}
        value={days}
        choose={setDays}
        choices={(["1", "7", "30"] as const).map((value) => ({
          value,
          says: <Plural value={Number(value)} one="# day" other="# days" />,
        }))}
      />
      <Button type="submit" look={first ? "main" : "plain"} wide isDisabled={making.isPending}>
        {first ? <Trans>Create a link</Trans> : <Trans>Create another link</Trans>}
      </Button>
      <Refusal error={making.error} />
    </form>
  );
}
