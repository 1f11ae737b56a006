import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { TextField } from "../../design/TextField";
import { Refusal } from "../../identity/sending/Refusal";
import { say } from "../../keys/say";
import { queries, type Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { sourcesOptions, usePool, useSources } from "../../node/queries";
import { Unreadable } from "../../node/shape";
import { distance, seconds } from "../../words/time";
import { compare, type Compared } from "./compare";
import styles from "./Organise.module.css";
import { signedBy, type Waiting } from "./outcome";
import { Changes, Garbled, type Shown } from "./Reimport";
import { canSign } from "./reimport";

type Told = Shapes["SourcesBody"];

/** Whether the node reads lists, and of what. */
function Switch({ told, account }: { told: Told; account: string }) {
  const { t } = useLingui();
  const { id } = usePool();
  const [code, setCode] = useState("");
  const change = useMutation({
    mutationFn: (text: string) => say(id, account, text),
    onSettled: () => queries.invalidateQueries(sourcesOptions()),
  });
  const hasList = told.on || told.competition != null || told.sources.length > 0;
  const wanted = code.trim();
  return (
    <>
      {!hasList && (
        <TextField
          label={t`Code of the competition`}
          hint={t`Such as en.1.2026-27. “bolao competitions” lists them.`}
          value={code}
          onChange={setCode}
        />
      )}
      <div>
        <Button
          isDisabled={change.isPending || (!hasList && wanted === "")}
          onPress={() => change.mutate(told.on ? "sources off" : `sources on ${wanted}`.trim())}
        >
          {told.on ? <Trans>Stop proposing results</Trans> : <Trans>Propose results automatically</Trans>}
        </Button>
      </div>
      <Refusal error={change.error} />
    </>
  );
}

/** When a list was heard last. */
function Heard({ source }: { source: Shapes["SourceBody"] }) {
  const now_s = useNow();
  const { name, heard, problem } = source;
  const ago = heard == null ? "" : distance(now_s - seconds(heard));
  return (
    <li>
      {heard == null ? (
        <Trans>{name}: not heard yet</Trans>
      ) : (
        <Trans>
          {name}: heard {ago} ago
        </Trans>
      )}
      {problem != null && (
        <p className={styles.soft} lang="en">
          {problem}
        </p>
      )}
    </li>
  );
}

/** Results that are not proposed, and why. */
function Waits({ waiting }: { waiting: Told["waiting"] }) {
  if (waiting.length === 0) return null;
  return (
    <details>
      <summary>
        <Plural value={waiting.length} one="# result is not proposed" other="# results are not proposed" />
      </summary>
      <ul className={styles.sentences}>
        {waiting.map(({ match, score, why }) => (
          <li key={match.no}>
            <strong>{match.code}</strong> {score}: <span lang="en">{why}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What the node's list changes now: all of it is ticked, and one tap signs it. */
function Proposed({ votes, account, ready }: { votes: readonly Waiting[]; account: string; ready: number }) {
  const [shown, setShown] = useState<Shown>();
  const take = (compared: Compared): void =>
    setShown({
      compared,
      ticked: new Set(compared.changes.filter((it) => canSign(it) && it.verdict === "sign").map(({ key }) => key)),
      again: 0,
    });
  const { mutate, error } = useMutation({
    mutationFn: () => compare({ web: true }, account, false),
    onSuccess: take,
  });
  useEffect(() => mutate(), [mutate, ready]);
  const failed: ReactNode = error instanceof Unreadable ? <Garbled /> : <Refusal error={error} />;
  if (shown === undefined || error !== null) return failed;
  return (
    <Changes
      key={`${shown.again} ${ready}`}
      shown={shown}
      account={account}
      show={setShown}
      take={take}
      waits={votes.some(({ signers }) => signedBy(signers, account))}
    />
  );
}

/** The lists that the node reads from the web: what of them can be signed with one tap, and what not. */
export function FromWeb({ votes, account }: { votes: readonly Waiting[]; account: string }) {
  const { data } = useSources();
  if (data === undefined) return null;
  const { on, ready, sources, waiting } = data;
  const isHeard = sources.some(({ heard }) => heard != null);
  return (
    <section className={styles.section}>
      <h2 className={styles.title}>
        <Trans>Results from the web</Trans>
      </h2>
      {on ? (
        <ul className={styles.sentences}>
          {sources.map((source) => (
            <Heard key={source.name} source={source} />
          ))}
        </ul>
      ) : (
        <Notice>
          <Trans>
            The pool’s computer can read results from public lists. It signs nothing: you look, and sign with one tap.
          </Trans>
        </Notice>
      )}
      {on && isHeard && <Proposed votes={votes} account={account} ready={ready} />}
      <Waits waiting={waiting} />
      <Switch told={data} account={account} />
    </section>
  );
}
