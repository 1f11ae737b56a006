import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { TextField } from "../../design/TextField";
import { NameRefusal } from "../../identity/entry/NameRefusal";
import { WrongLink, wrongLink } from "../../identity/entry/WrongLink";
import { isProblem } from "../../node/client";
import { joinBy, type Begun, type Kept } from "./first";
import styles from "./Start.module.css";
import { Step } from "./Step";

/** Why this computer could not join: what is wrong with the link is said as on the page that it leads to. */
function Refused({ error, name }: { error: unknown; name: string }) {
  const wrong = isProblem(error) ? wrongLink(error.code) : undefined;
  const away = isProblem(error) && error.code === "away";
  if (wrong === undefined && !away) return <NameRefusal error={error} name={name} />;
  return (
    <Notice look="bad">
      <p>
        {wrong === undefined ? (
          <Trans>Can’t reach the computer this link leads to. It may be off, or not in your network.</Trans>
        ) : (
          <WrongLink as={wrong} />
        )}
      </p>
    </Notice>
  );
}

/** Makes this computer one of a pool's, by a friend's link. */
export function JoinByLink({ begun, done, back }: { begun: Begun; done: (kept: Kept) => void; back: () => void }) {
  const { t } = useLingui();
  const [link, setLink] = useState("");
  const [name, setName] = useState("");
  const joining = useMutation({ mutationFn: () => joinBy(begun, link.trim(), name.trim()), onSuccess: done });
  const ready = link.trim() !== "" && name.trim() !== "";
  return (
    <form
      className={styles.start}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) joining.mutate();
      }}
    >
      <Step
        title={<Trans>Join a friend’s pool</Trans>}
        says={<Trans>This computer will keep the pool too, and check it.</Trans>}
        back={back}
      />
      <TextField
        label={t`The link your friend sent you`}
        hint={t`All of it, including what comes after #`}
        value={link}
        onChange={setLink}
        autoComplete="off"
      />
      <TextField
        label={t`What do your friends call you?`}
        value={name}
        onChange={setName}
        maxLength={32}
        autoComplete="nickname"
      />
      <Refused error={joining.error} name={name} />
      <Button type="submit" look="main" wide isDisabled={!ready || joining.isPending}>
        {link.trim() === "" ? (
          <Trans>Paste the link first</Trans>
        ) : name.trim() === "" ? (
          <Trans>Enter your name first</Trans>
        ) : (
          <Trans>Join the pool</Trans>
        )}
      </Button>
    </form>
  );
}
