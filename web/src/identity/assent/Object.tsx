import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { Sheet } from "../../design/Sheet";
import { TextField } from "../../design/TextField";
import { signer } from "../../keys/signer";
import { usePlayerHere } from "../../keys/player";
import type { Shapes } from "../../node/client";
import { usePool } from "../../node/queries";
import { Refusal } from "../sending/Refusal";
import { send } from "../sending/send";
import type { Item } from "./kinds";
import styles from "./Object.module.css";
import { recordStandsOnChain } from "./onChain";

const LONGEST = 200;

interface Props {
  /** What has the record. */
  of: Item;
  objections: readonly Shapes["ObjectionBody"][];
}

/** Says that a result is wrong, once per version, while it can be corrected. */
export function Object({ of, objections }: Props) {
  const { t } = useLingui();
  const pool = usePool();
  const own = usePlayerHere(pool.id)?.account;
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const act = useMutation({
    mutationFn: async (said: string) => {
      // It may be an hour until the passphrase is given.
      await signer(pool.id);
      await recordStandsOnChain(of);
      return send(pool.id, { type: "object", match_no: of.no, text: said });
    },
  });
  const version = of.record?.version;
  const done = objections.some((objection) => objection.player.account === own && objection.version === version);
  if (own === undefined || done) return null;
  if (act.isSuccess) {
    return (
      <Notice look="good">
        <Trans>Sent. Everyone will see your objection here.</Trans>
      </Notice>
    );
  }
  return (
    <>
      <Button look="quiet" onPress={() => setOpen(true)}>
        <Trans>Is this result wrong?</Trans>
      </Button>
      <Sheet title={<Trans>Is this result wrong?</Trans>} open={open} close={() => setOpen(false)}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            act.mutate(text.trim(), { onSuccess: () => setOpen(false) });
          }}
        >
          <TextField
            label={t`What is wrong?`}
            hint={t`Everyone sees this with your name. The organisers can correct the result until it’s final.`}
            value={text}
            onChange={setText}
            maxLength={LONGEST}
            rows={3}
          />
          {act.isError && <Refusal error={act.error} />}
          <Button type="submit" look="main" isDisabled={text.trim() === "" || act.isPending}>
            <Trans>Send objection</Trans>
          </Button>
        </form>
      </Sheet>
    </>
  );
}
