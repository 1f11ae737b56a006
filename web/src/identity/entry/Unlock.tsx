import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Sheet } from "../../design/Sheet";
import { TextField } from "../../design/TextField";
import { useStore } from "../../device/store";
import { asked, type Asked } from "../../keys/signer";
import { Refusal } from "../sending/Refusal";

function Ask({ unlock }: Pick<Asked, "unlock">) {
  const { t } = useLingui();
  const [passphrase, setPassphrase] = useState("");
  const trying = useMutation({ mutationFn: unlock });
  return (
    <form
      style={{ display: "grid", gap: "var(--s4)" }}
      onSubmit={(event) => {
        event.preventDefault();
        trying.mutate(passphrase);
      }}
    >
      <TextField
        label={t`Your passphrase`}
        type="password"
        autoComplete="current-password"
        value={passphrase}
        onChange={setPassphrase}
        autoFocus
      />
      <Refusal error={trying.error} />
      <Button look="main" type="submit" wide isDisabled={passphrase === "" || trying.isPending}>
        <Trans>Unlock</Trans>
      </Button>
    </form>
  );
}

/** Asks for the passphrase when keys are wanted and locked. Stands once, in the shell. */
export function Unlock() {
  const request = useStore(asked);
  const of = request?.of;
  return (
    <Sheet
      title={of === undefined ? <Trans>Your key is locked</Trans> : <Trans>Your key for {of} is locked</Trans>}
      open={request !== undefined}
      close={() => request?.leave()}
    >
      {request !== undefined && <Ask unlock={request.unlock} />}
    </Sheet>
  );
}
