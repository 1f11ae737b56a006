import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { TextField } from "../../design/TextField";
import { isProblem, node, queries, type Shapes } from "../../node/client";
import { genesisOptions } from "../../node/genesis";
import { usePool } from "../../node/queries";
import { load, type WordsChecked } from "../../rules";
import { forgetWritten } from "../../keys/forget";
import { takePass } from "../../keys/pass";
import { holds } from "../../keys/signer";
import { keepPlayer, playerOf } from "../../keys/player";
import { Refusal } from "../sending/Refusal";

type Wrong = Extract<WordsChecked, { ok: false }>;

function WrongWords({ wrong }: { wrong: Wrong }) {
  const { problem, position = 0, word = "", near } = wrong;
  const others = near.join(", ");
  if (problem === "count") return <Trans>Enter 12 or 24 words, separated by spaces.</Trans>;
  if (problem === "unknown") {
    return near.length > 0 ? (
      <Trans>
        Word {position}, “{word}”, is not in the list. Is it one of these: {others}?
      </Trans>
    ) : (
      <Trans>
        Word {position}, “{word}”, is not in the list.
      </Trans>
    );
  }
  return <Trans>The order is wrong, or one of the words is a different one. Compare them with your note.</Trans>;
}

const find = (account: string) => node.GET("/api/v1/players/{player}", { params: { path: { player: account } } });

/** The accounts of those who organised a pool when it was made. */
async function firstOrganisers(): Promise<string[]> {
  const genesis = JSON.parse(await queries.query(genesisOptions())) as { organisers?: string[] };
  return genesis.organisers ?? [];
}

/** Whether somebody of whom the node tells nothing has to do with a pool: as an organiser, or with a joining, which may be on its way. */
async function isKnown(pool: Shapes["PoolBody"], account: string, hidden: boolean): Promise<boolean> {
  if (pool.organisers.some((organiser) => organiser.account === account)) return true;
  // To whoever may not look the node names no organisers.
  if (hidden && (await firstOrganisers()).includes(account)) return true;
  const { data } = await node.GET("/api/v1/accounts/{account}/nonce", { params: { path: { account } } });
  return data === undefined || data.next_nonce > 0;
}

/** Brings a player to this device by the words. */
export function Restore({ done }: { done: (joined: boolean) => void }) {
  const { t } = useLingui();
  const pool = usePool();
  const [words, setWords] = useState("");
  const [wrong, setWrong] = useState<Wrong>();
  // Whose words play nowhere here: they are taken only if they are given once more.
  const [strange, setStrange] = useState<string>();
  const count = words.split(/\s+/).filter((word) => word !== "").length;
  const restoring = useMutation({
    mutationFn: async () => {
      const rules = await load();
      const checked = await rules.checkWords(words);
      if (!checked.ok) {
        setWrong(checked);
        return;
      }
      const { account } = checked;
      const { data, error } = await find(account);
      // Only players may look: the node knows nobody here yet.
      const hidden = isProblem(error) && error.status === 401;
      if (error !== undefined && !hidden && !(isProblem(error) && error.status === 404)) throw error;
      if (data === undefined && strange !== account && !(await isKnown(pool, account, hidden))) {
        setStrange(account);
        return;
      }
      await rules.restoreKeys(words);
      holds(account);
      const keys = await rules.keepKeys("");
      const before = playerOf(pool.id)?.account;
      if (before !== undefined && before !== account) forgetWritten(pool.id);
      const player = { account, keys, locked: false, written: true, named: null };
      keepPlayer(pool.id, { ...player, name: data?.name ?? "" });
      if (!hidden) {
        done(data !== undefined);
        return;
      }
      await takePass(pool.id, true).catch(() => undefined);
      const { data: own } = await find(account);
      if (own !== undefined) keepPlayer(pool.id, { ...player, name: own.name });
      done(own !== undefined);
    },
  });
  return (
    <form
      style={{ display: "grid", gap: "var(--s4)" }}
      onSubmit={(event) => {
        event.preventDefault();
        restoring.mutate();
      }}
    >
      <TextField
        label={t`Your 24 words`}
        hint={count === 0 ? t`In order, separated by spaces` : <Plural value={count} one="# word" other="# words" />}
        error={wrong && <WrongWords wrong={wrong} />}
        rows={4}
        value={words}
        autoComplete="off"
        spellCheck="false"
        autoCorrect="off"
        onChange={(text) => {
          setWords(text);
          setStrange(undefined);
          setWrong(undefined);
        }}
      />
      <Refusal error={restoring.error} />
      {strange !== undefined && (
        <Notice look="soon">
          <Trans>
            Nobody in this pool has these words. Do they belong to another pool? To join with them, use them anyway.
          </Trans>
        </Notice>
      )}
      <Button look="main" type="submit" wide isDisabled={count === 0 || restoring.isPending}>
        {strange === undefined ? <Trans>Continue here</Trans> : <Trans>Use them anyway</Trans>}
      </Button>
    </form>
  );
}
