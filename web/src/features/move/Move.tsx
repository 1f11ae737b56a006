import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Button, buttonClass } from "../../design/Button";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { Notice } from "../../design/Notice";
import { Disc } from "../../design/people";
import { Skeleton } from "../../design/Skeleton";
import { forgetWritten } from "../../keys/forget";
import { isLeft, takeOver } from "../../keys/handover";
import { arrivedWith, backTo, readMoving, type Moving } from "../../keys/moving";
import { keepPlayer, usePlayerHere, type Player } from "../../keys/player";
import { holds, openedPool, signer } from "../../keys/signer";
import { isProblem } from "../../node/client";
import { usePlayer, usePool } from "../../node/queries";
import { go, Link } from "../../route";
import { RulesError } from "../../rules";
import { namesOf } from "../../words/Names";
import styles from "./Move.module.css";

/** The keys are not those of the account that they came with. */
class OtherKeys extends Error {}

/**
 * Keeps who has come, in place of whoever plays here. Keys that a passphrase protects are looked at when they are wanted. Says whether
 * they stay.
 */
async function keep({ pool, player }: Moving, before: Player | undefined): Promise<boolean> {
  const { rules } = await openedPool(pool);
  if (!player.locked) {
    const { account } = await rules.openKeys(player.keys, "");
    if (account !== player.account) throw new OtherKeys("the keys are another account's");
  }
  holds(player.locked ? undefined : player.account);
  if (before !== undefined) forgetWritten(pool);
  return keepPlayer(pool, player);
}

/** Leads to the tips; past the address that was left if the keys that are kept here open, so that it forgets the player. */
function useToTips(): (moving: Moving, stays: boolean) => Promise<void> {
  return async ({ pool, back }, stays) => {
    const past = stays ? backTo(back) : undefined;
    const opens = past !== undefined && (await signer(pool).catch(() => undefined)) !== undefined;
    if (opens) location.replace(past);
    else go({ to: "/", replace: true });
  };
}

/** What a player is called where a name stands; who has none, by the beginning of the account. */
const shownAs = ({ account, name }: { account: string; name: string }): string =>
  namesOf([name === "" || name === account ? { account } : { account, name }]);

/** Whose place is taken on this device. */
function Replaced({ here }: { here: Player }) {
  const name = shownAs(here);
  return (
    <Notice look="bad">
      <p>
        <Trans>
          <strong>{name} already plays on this device.</strong> That key would be replaced.
        </Trans>{" "}
        {here.written ? (
          <Trans>Its 24 words bring it back.</Trans>
        ) : (
          <Trans>Its 24 words were not written down. Without them nobody can ever play as {name} again.</Trans>
        )}
      </p>
    </Notice>
  );
}

/** Asks whether it was this person who brought the player: who follows a stranger's link would play with a key that the stranger has. */
function Asked({ name, account, scanned, yes }: { name: string; account: string; scanned: boolean; yes: () => void }) {
  const host = location.host;
  return (
    <>
      <h1>{scanned ? <Trans>Did you scan this code yourself?</Trans> : <Trans>Did you come here yourself?</Trans>}</h1>
      <Disc person={{ account, name }} size={80} />
      <p>
        {scanned ? (
          <Trans>
            This code makes you play as {name} at <strong>{host}</strong>. If you haven’t just shown it on your own
            other phone, somebody else has this key too, and could tip as you.
          </Trans>
        ) : (
          <Trans>
            This link makes you play as {name} at <strong>{host}</strong>. If you haven’t just come from your pool’s old
            address, somebody else has this key too, and could tip as you.
          </Trans>
        )}
      </p>
      <Button look="main" wide onPress={yes}>
        <Trans>Yes, I did</Trans>
      </Button>
      <Link to="/" className={buttonClass("quiet", true)}>
        <Trans>No, somebody sent it to me</Trans>
      </Link>
    </>
  );
}

function Arrives({ moving, here, scanned }: { moving: Moving; here: Player | undefined; scanned: boolean }) {
  const { player } = moving;
  const [asked, setAsked] = useState(false);
  const toTips = useToTips();
  // The pool's own spelling, if it has this player.
  const own = usePlayer(player.account).data?.name ?? (player.name === "" ? player.account : player.name);
  const name = shownAs({ account: player.account, name: own });
  const keeping = useMutation({
    mutationFn: () => keep({ ...moving, player: { ...player, name: own } }, here),
    onSuccess: (stays) => toTips(moving, stays),
  });
  if (!asked) return <Asked name={name} account={player.account} scanned={scanned} yes={() => setAsked(true)} />;
  const host = location.host;
  const damaged = keeping.error instanceof RulesError || keeping.error instanceof OtherKeys;
  return (
    <>
      <h1>
        <Trans>Play here as {name}</Trans>
      </h1>
      <Disc person={{ account: player.account, name }} size={80} />
      <p>
        {scanned ? (
          <Trans>
            You will also play as {name} on this phone. Continue only if you have just scanned your own code yourself.
          </Trans>
        ) : (
          <Trans>
            You will also play as {name} at <strong>{host}</strong>. Continue only if you have just come here from your
            pool’s old address yourself.
          </Trans>
        )}
      </p>
      {here !== undefined && <Replaced here={here} />}
      {damaged ? (
        <Notice look="bad">
          <Trans>Part of the key is missing, so nothing was saved. Go back to the old address and try again.</Trans>
        </Notice>
      ) : (
        keeping.error !== null && <Failure error={keeping.error} />
      )}
      <Button
        look={here === undefined ? "main" : "danger"}
        wide
        onPress={() => keeping.mutate()}
        isDisabled={keeping.isPending}
      >
        {here === undefined ? <Trans>Play here as {name}</Trans> : <Trans>Replace it, and play here as {name}</Trans>}
      </Button>
      <Link to="/" className={buttonClass("quiet", true)}>
        <Trans>Cancel</Trans>
      </Link>
    </>
  );
}

/** Where a player arrives who comes from another address of the pool's page, or from another device. */
export function Move() {
  return isLeft(arrivedWith()) ? <Taken /> : <Arrived moving={readMoving(arrivedWith())} />;
}

/** Takes the player whom another device left with the node: once, however often this is drawn. */
function Taken() {
  const taking = useQuery({
    queryKey: ["take over"],
    queryFn: async () => (await takeOver(arrivedWith())) ?? null,
    retry: false,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  if (isProblem(taking.error) && taking.error.code === "no-handover")
    return (
      <Empty title={<Trans>This code was used, or has expired</Trans>}>
        <Trans>
          It works once, for five minutes. Show a new one on the other phone: More, then “Move to another phone”. If
          somebody else scanned it, they can play as you: tell your friends.
        </Trans>
      </Empty>
    );
  if (taking.error instanceof RulesError) return <Arrived moving={undefined} />;
  if (taking.error !== null) return <Failure error={taking.error} />;
  if (taking.data === undefined) return <Skeleton rows={4} />;
  return <Arrived moving={taking.data ?? undefined} scanned />;
}

function Arrived({ moving, scanned = false }: { moving: Moving | undefined; scanned?: boolean }) {
  const pool = usePool();
  const here = usePlayerHere(pool.id);
  const toTips = useToTips();
  if (moving === undefined)
    return (
      <Empty title={<Trans>No player found</Trans>}>
        <Trans>
          This address doesn’t hold a player. Go back to your other phone or your pool’s old address, and tap the button
          there again.
        </Trans>
      </Empty>
    );
  return (
    <section className={styles.move}>
      {moving.pool !== pool.id ? (
        <>
          <Notice look="bad">
            <Trans>This player belongs to another pool, so nothing was saved.</Trans>
          </Notice>
          <Link to="/" className={buttonClass("main", true)}>
            <Trans>To your tips</Trans>
          </Link>
        </>
      ) : here?.account === moving.player.account ? (
        <>
          <h1>
            <Trans>You already play here.</Trans>
          </h1>
          <Button look="main" wide onPress={() => void toTips(moving, here.keys === moving.player.keys)}>
            <Trans>To your tips</Trans>
          </Button>
        </>
      ) : (
        <Arrives moving={moving} here={here} scanned={scanned} />
      )}
    </section>
  );
}
