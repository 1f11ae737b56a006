import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Sheet } from "../../design/Sheet";
import { TextField } from "../../design/TextField";
import { signer } from "../../keys/signer";
import { keepPerson, type Player } from "../../keys/player";
import { Refusal } from "../../identity/sending/Refusal";
import styles from "./Me.module.css";
import { Row } from "./Row";

/** Shorter ones are guessed. */
const LEAST = 8;

function Choose({ set, pending, error }: { set: (passphrase: string) => void; pending: boolean; error: unknown }) {
  const { t } = useLingui();
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const short = passphrase.length < LEAST;
  const other = passphrase !== again;
  return (
    <form
      className={styles.section}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!short && !other) set(passphrase);
      }}
    >
      <TextField
        label={t`New passphrase`}
        hint={t`A few words nobody can guess. If you forget it, your 24 words bring you back.`}
        type="password"
        autoComplete="new-password"
        value={passphrase}
        onChange={setPassphrase}
        error={tried && short && t`At least ${LEAST} characters.`}
      />
      <TextField
        label={t`Once more`}
        type="password"
        autoComplete="new-password"
        value={again}
        onChange={setAgain}
        error={tried && !short && other && t`The two don’t match.`}
      />
      <Refusal error={error} />
      <Button look="main" type="submit" wide isDisabled={pending}>
        <Trans>Lock with it</Trans>
      </Button>
    </form>
  );
}

interface SheetProps {
  pool: string;
  player: Player;
  open: boolean;
  close: () => void;
}

/** Where a passphrase is chosen or removed. */
export function PassphraseSheet({ pool, player, open, close }: SheetProps) {
  const setting = useMutation({
    mutationFn: async (passphrase: string) => {
      const keys = await (await signer(pool)).keepKeys(passphrase);
      keepPerson(pool, { ...player, keys, locked: passphrase !== "" });
    },
    onSuccess: close,
  });
  return (
    <Sheet title={<Trans>Passphrase</Trans>} open={open} close={close}>
      <p>
        {player.locked ? (
          <Trans>
            Your key is locked. After you open this page, it asks for the passphrase the first time it signs.
          </Trans>
        ) : (
          <Trans>Anyone with your unlocked device could tip as you. A passphrase prevents that.</Trans>
        )}
      </p>
      <Choose set={(passphrase) => setting.mutate(passphrase)} pending={setting.isPending} error={setting.error} />
      {player.locked && (
        <Button wide isDisabled={setting.isPending} onPress={() => setting.mutate("")}>
          <Trans>Remove it</Trans>
        </Button>
      )}
    </Sheet>
  );
}

/** A passphrase on the keys that are kept on this device. */
export function Passphrase({ pool, player }: { pool: string; player: Player }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Row
        name={<Trans>Passphrase</Trans>}
        says={player.locked ? <Trans>On</Trans> : <Trans>Off</Trans>}
        press={() => setOpen(true)}
      />
      <PassphraseSheet pool={pool} player={player} open={open} close={() => setOpen(false)} />
    </>
  );
}
