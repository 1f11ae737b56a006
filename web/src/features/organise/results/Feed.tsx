import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import { According } from "../../../design/According";
import { Failure } from "../../../design/Failure";
import { TextField } from "../../../design/TextField";
import { Button } from "../../../design/Button";
import { Pill } from "../../../design/Pill";
import { Refusal } from "../../../identity/sending/Refusal";
import { saySources } from "../../../keys/say";
import type { Shapes } from "../../../node/client";
import { useNow } from "../../../node/clock";
import { competitionsOptions, found } from "../../../node/competitions";
import { usePool } from "../../../node/queries";
import { distance, seconds } from "../../../words/time";
import { Changes, type Shown } from "../matches/Changes";
import type { Compared } from "../matches/compare";
import { useNames } from "../matches/Difference";
import styles from "../Organise.module.css";
import { isResult, usualOfWeb } from "../matches/reimport";
import type { Proposed } from "./useProposed";
import { plainResult } from "./useLines";

type Sources = Shapes["SourcesBody"];

/** Whether the node reads lists, which it says itself some seconds after it was told. */
function useSwitch(account: string, { on }: Sources) {
  const { id } = usePool();
  const change = useMutation({
    mutationFn: (wanted: { on: boolean; list?: string }) => saySources(id, account, wanted.on, wanted.list),
  });
  const { isSuccess, variables, reset } = change;
  const wanted = variables?.on;
  useEffect(() => {
    if (isSuccess && wanted === on) reset();
  }, [isSuccess, wanted, on, reset]);
  const changes = (change.isPending || isSuccess) && wanted !== on;
  return { change, shown: changes ? wanted === true : on, changes };
}

/** How many of the competitions that fit are shown. */
const FEW = 5;

/** Asks which list to read: a competition's, found by its name, or that of an address. */
function List({ read, isDisabled }: { read: (list: string) => void; isDisabled: boolean }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const known = useQuery(competitionsOptions());
  const wanted = typed.trim();
  const isAddress = wanted.includes("://");
  const fitting = wanted === "" || isAddress ? [] : found(known.data ?? [], wanted).slice(0, FEW);
  return (
    <>
      <TextField
        label={t`Competition, or the address of a list`}
        type="search"
        value={typed}
        onChange={setTyped}
        maxLength={180}
        autoComplete="off"
        spellCheck="false"
        placeholder={t`Premier League, or https://…`}
      />
      {known.error !== null && <Failure error={known.error} again={() => void known.refetch()} />}
      <ul className={styles.rows} aria-label={t`Competitions`}>
        {fitting.map(({ code, name }) => (
          <li key={code}>
            <Button isDisabled={isDisabled} onPress={() => read(code)}>
              {name}
            </Button>
          </li>
        ))}
      </ul>
      {isAddress && (
        <div>
          <Button isDisabled={isDisabled} onPress={() => read(wanted)}>
            <Trans>Read this list</Trans>
          </Button>
        </div>
      )}
    </>
  );
}

function Switch({ account, sources }: { account: string; sources: Sources }) {
  const { change, shown, changes } = useSwitch(account, sources);
  const asks = !sources.on && sources.competition == null && sources.sources.length === 0;
  return (
    <>
      <label className={styles.tick}>
        <input
          type="checkbox"
          role="switch"
          checked={shown}
          disabled={changes}
          onChange={({ target }) => change.mutate({ on: target.checked })}
        />
        <strong>
          <Trans>Suggest results automatically</Trans>
        </strong>
      </label>
      <p className={styles.soft}>
        <Trans>
          The pool’s computer checks public results every few minutes and suggests them here. Only organisers can
          confirm them.
        </Trans>
      </p>
      {asks && <List read={(list) => change.mutate({ on: true, list })} isDisabled={changes} />}
      <Refusal error={change.error} />
    </>
  );
}

/** When each list was last heard, or its problem. */
function Heard({ sources }: { sources: Sources["sources"] }) {
  const now_s = useNow(10);
  return (
    <ul className={styles.rows}>
      {sources.map(({ name, heard, problem }) => {
        const ago = heard == null ? "" : distance(now_s - seconds(heard));
        const said = <bdi>{name}</bdi>;
        return (
          <li key={name} className={styles.source}>
            <span>
              {heard == null ? (
                <Trans>{said}, not read yet</Trans>
              ) : (
                <Trans>
                  {said}, {ago} ago
                </Trans>
              )}
            </span>
            {problem != null && (
              <span className={styles.soon} lang="en">
                {problem}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Results that the node does not propose, and why. */
function NotProposed({ waiting }: { waiting: Sources["waiting"] }) {
  const names = useNames();
  const count = waiting.length;
  if (count === 0) return null;
  return (
    <details className={styles.folded}>
      <summary>
        <Plural value={count} one="# result is not suggested yet" other="# results are not suggested yet" />
      </summary>
      <ul className={styles.rows}>
        {waiting.map(({ match, score, why }) => (
          <li key={match.code} className={styles.source}>
            <span>
              {names(match.code)} {score != null && <strong>{score.replace("-", ":")}</strong>}
            </span>
            <span className={styles.soft} lang="en">
              {why}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What lists change that stands nowhere else: neither in the form of results nor among those that wait for other organisers. */
const rest = (compared: Compared): Compared => ({
  ...compared,
  changes: compared.changes.filter(
    (change) => plainResult(change) === undefined && !(change.verdict === "signed" && isResult(change)),
  ),
});

const first = (compared: Compared): Shown => ({
  compared,
  ticked: new Set(compared.changes.filter(usualOfWeb).map(({ key }) => key)),
  again: 0,
});

interface Props {
  account: string;
  /** Whether other organisers must confirm what this one has. */
  waits: boolean;
  proposed: Proposed;
}

/** What else lists change: corrections, and what somebody has to look at. */
function Others({ account, waits, proposed: { compared, error, refetch, inZone } }: Props) {
  const [taken, setTaken] = useState<{ shown: Shown; of: Compared | undefined }>();
  const newest = useMemo(() => compared && rest(compared), [compared]);
  if (taken === undefined && newest !== undefined) setTaken({ shown: first(newest), of: newest });
  return (
    <>
      {error !== null && <Failure error={error} again={() => void refetch()} />}
      {taken !== undefined && (
        <According>
          <Changes
            key={`${taken.shown.again} ${taken.shown.compared.plan.zone}`}
            web
            shown={taken.shown}
            account={account}
            show={(shown) => setTaken({ shown: { ...shown, compared: rest(shown.compared) }, of: newest })}
            take={(now) => {
              inZone(now.source.zone);
              setTaken({ shown: first(rest(now)), of: newest });
            }}
            waits={waits}
            newest={newest === taken.of ? undefined : newest}
          />
        </According>
      )}
    </>
  );
}

/** The lists that the pool's computer reads from the web: what they say besides results to confirm, and whether they are read. */
export function Feed({ account, waits, proposed }: Props) {
  const { sources } = proposed;
  if (sources === undefined) return null;
  const { on, waiting } = sources;
  return (
    <>
      {on && <Others account={account} waits={waits} proposed={proposed} />}
      <According>
        <details className={styles.folded}>
          <summary>
            <h2>
              <Trans>Score feed</Trans>
            </h2>
            <Pill look={on ? "good" : "plain"}>{on ? <Trans>On</Trans> : <Trans>Off</Trans>}</Pill>
          </summary>
          <Switch account={account} sources={sources} />
          {on && <Heard sources={sources.sources} />}
          {on && <NotProposed waiting={waiting} />}
        </details>
      </According>
    </>
  );
}
