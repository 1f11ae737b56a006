import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { Sheet } from "../../design/Sheet";
import type { AdminAction } from "../../identity/assent/acts";
import { Refusal } from "../../identity/sending/Refusal";
import { person, signatures } from "../../identity/assent/reported";
import { useOffice } from "../../identity/sending/useSend";
import type { Shapes } from "../../node/client";
import { nameOf } from "./me";
import styles from "./Organise.module.css";
import { signedBy } from "./outcome";
import { Signers } from "./ToSign";

type Ref = Shapes["PlayerRef"];

/** Who organises, who is to, and who is not to any more. */
export function Organisers({
  body,
  players,
  account,
}: {
  body: Shapes["OrganisersBody"];
  players: readonly Shapes["PlayerBody"][];
  account: string;
}) {
  const sending = useOffice();
  const [open, setOpen] = useState<{ who: Ref; added: boolean } | "choose">();
  const { organisers, signatures_needed: needed, fewest, waiting } = body;
  const others = players.filter((player) => !organisers.some((it) => it.account === player.account));
  const sign = (who: Ref, added: boolean, signers: readonly Ref[] = []): void => {
    const act: AdminAction = { type: "organiser", account: who.account, added };
    const seen = [person(who), ...signatures(act, signers)];
    sending.mutate({ act, seen }, { onSuccess: () => setOpen(undefined) });
  };
  const asked = open === undefined || open === "choose" ? undefined : open;
  const name = asked === undefined ? "" : nameOf(asked.who);
  return (
    <>
      {organisers.length === 1 && needed > 0 && (
        <Notice look="soon">
          <p>
            <Trans>
              You are alone. If you lose your words, the pool gets no more results: make a friend a second organiser.
            </Trans>
          </p>
        </Notice>
      )}
      <ul className={styles.rows}>
        {organisers.map((who) => (
          <li key={who.account} className={styles.card}>
            <div className={styles.line}>
              <strong>{nameOf(who)}</strong>
              {needed > 0 && organisers.length > fewest && (
                <Button look="quiet" onPress={() => setOpen({ who, added: false })}>
                  <Trans>Remove</Trans>
                </Button>
              )}
            </div>
            {who.account === account && (
              <span className={styles.soft}>
                <Trans>That is you.</Trans>
              </span>
            )}
          </li>
        ))}
        {waiting.map(({ player, added, signers }) => {
          const who = nameOf(player);
          return (
            <li key={player.account + String(added)} className={styles.card}>
              <p>
                {added ? <Trans>{who} is to organise, too.</Trans> : <Trans>{who} is not to organise any more.</Trans>}
              </p>
              <Signers vote={{ signers, signatures_needed: needed }} />
              {!signedBy(signers, account) && (
                <div className={styles.doing}>
                  <Button look="main" isDisabled={sending.isPending} onPress={() => sign(player, added, signers)}>
                    <Trans>Sign the same</Trans>
                  </Button>
                </div>
              )}
            </li>
          );
        })}
      </ul>
      {needed === 0 ? (
        <p className={styles.soft}>
          <Trans>They stay as they are: this pool’s rules have no way to change them.</Trans>
        </p>
      ) : (
        <Button onPress={() => setOpen("choose")}>
          <Trans>Add an organiser</Trans>
        </Button>
      )}
      <Sheet
        title={asked === undefined ? <Trans>Who is to organise?</Trans> : name}
        open={open !== undefined}
        close={() => setOpen(undefined)}
      >
        {open === "choose" && (
          <ul className={styles.rows}>
            {others.map((player) => (
              <li key={player.account}>
                <Button wide onPress={() => setOpen({ who: player, added: true })}>
                  {player.name}
                </Button>
              </li>
            ))}
          </ul>
        )}
        {open === "choose" && others.length === 0 && (
          <p>
            <Trans>Nobody else plays yet. Invite friends first.</Trans>
          </p>
        )}
        {asked !== undefined && (
          <div className={styles.form}>
            <p>
              {asked.added ? (
                <Trans>{name} will enter results, move matches and invite friends, as you do.</Trans>
              ) : (
                <Trans>
                  {name} will organise no more. Links that {name} made let nobody in any more.
                </Trans>
              )}
            </p>
            {needed > 1 && (
              <p className={styles.soft}>
                <Plural value={needed} one="# organiser must sign it." other="# organisers must sign the same." />
              </p>
            )}
            <Refusal error={sending.error} />
            <Button
              look={asked.added ? "main" : "danger"}
              wide
              isDisabled={sending.isPending}
              onPress={() => sign(asked.who, asked.added)}
            >
              <Trans>Sign it</Trans>
            </Button>
          </div>
        )}
      </Sheet>
    </>
  );
}
