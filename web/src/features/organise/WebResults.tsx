import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { Failure } from "../../design/Failure";
import { TextField } from "../../design/TextField";
import { Button } from "../../design/Button";
import { Refusal } from "../../identity/sending/Refusal";
import { saySources } from "../../keys/say";
import { whileBusy, type Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { useSources } from "../../node/live";
import { usePool } from "../../node/queries";
import { distance, seconds } from "../../words/time";
import { Changes, type Shown } from "./Changes";
import { compare, type Compared } from "./compare";
import { useNames } from "./Difference";
import styles from "./Organise.module.css";
import { signedBy, type Waiting } from "./outcome";
import { usualOfWeb } from "./reimport";

type Sources = Shapes["SourcesBody"];

interface Props {
  account: string;
  votes: readonly Waiting[];
}

/** Whether the node reads lists, which it says itself some seconds after it was told. */
function useSwitch(account: string, { on }: Sources) {
  const { id } = usePool();
  const change = useMutation({
    mutationFn: (wanted: { on: boolean; competition?: string }) =>
      saySources(id, account, wanted.on, wanted.competition),
  });
  const { isSuccess, variables, reset } = change;
  const wanted = variables?.on;
  useEffect(() => {
    if (isSuccess && wanted === on) reset();
  }, [isSuccess, wanted, on, reset]);
  const changes = (change.isPending || isSuccess) && wanted !== on;
  return { change, shown: changes ? wanted === true : on, changes };
}

/** Asks for the lists of which competition to read, where that is not known. */
function Competition({ read, isDisabled }: { read: (code: string) => void; isDisabled: boolean }) {
  const { t } = useLingui();
  const [code, setCode] = useState("");
  return (
    <>
      <TextField
        label={t`Code of the competition`}
        value={code}
        onChange={(typed) => setCode(typed.replace(/\s/g, ""))}
        maxLength={60}
        autoComplete="off"
        spellCheck="false"
        placeholder="en.1.2026-27"
        hint={
          <Trans>
            The command <code>bolao competitions</code> lists the codes.
          </Trans>
        }
      />
      <div>
        <Button isDisabled={isDisabled || code === ""} onPress={() => read(code)}>
          <Trans>Read its results</Trans>
        </Button>
      </div>
    </>
  );
}

function Switch({ account, sources }: { account: string; sources: Sources }) {
  const { change, shown, changes } = useSwitch(account, sources);
  const asks = !shown && sources.competition == null && sources.sources.length === 0;
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
          <Trans>Propose results automatically</Trans>
        </strong>
      </label>
      <p className={styles.soft}>
        <Trans>The pool’s computer reads public lists every few minutes. It signs nothing: organisers do.</Trans>
      </p>
      {asks && <Competition read={(competition) => change.mutate({ on: true, competition })} isDisabled={changes} />}
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
                <Trans>{said}, not heard yet</Trans>
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
        <Plural value={count} one="# result is not proposed" other="# results are not proposed" />
      </summary>
      <ul className={styles.rows}>
        {waiting.map(({ match, score, why }) => (
          <li key={match.code} className={styles.source}>
            <span>
              {names(match.code)} {score != null && <strong>{score}</strong>}
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

const first = (compared: Compared): Shown => ({
  compared,
  ticked: new Set(compared.changes.filter(usualOfWeb).map(({ key }) => key)),
  again: 0,
});

/** What can be signed now of what the lists say. It is compared again whenever the node says something else of its lists. */
function Proposed({ account, votes, sources }: Props & { sources: Sources }) {
  const [taken, setTaken] = useState<{ shown: Shown; data: Compared | undefined }>();
  const zone = taken?.shown.compared.source.zone;
  const asked = useQuery({
    queryKey: ["changes of lists from the web", account, sources, zone],
    queryFn: () => compare({ sources: true, ...(zone !== undefined && { zone }) }, account, false),
    placeholderData: keepPreviousData,
    gcTime: 0,
    ...whileBusy,
  });
  const { data } = asked;
  if (taken === undefined && data !== undefined) setTaken({ shown: first(data), data });
  const show = (shown: Shown): void => setTaken({ shown, data });
  return (
    <>
      {asked.isError && <Failure error={asked.error} again={() => void asked.refetch()} />}
      {taken !== undefined && (
        <Changes
          key={`${taken.shown.again} ${taken.shown.compared.plan.zone}`}
          web
          shown={taken.shown}
          account={account}
          show={show}
          take={(compared) => show(first(compared))}
          waits={votes.some(({ signers }) => signedBy(signers, account))}
          newest={data === taken.data ? undefined : data}
        />
      )}
    </>
  );
}

/** Results that the pool's computer reads from the web, to be signed by an organiser. */
export function WebResults({ account, votes }: Props) {
  const { data: sources } = useSources();
  if (sources === undefined) return null;
  const { on, waiting } = sources;
  return (
    <section className={styles.section}>
      <h2 className={styles.title}>
        <Trans>Results from the web</Trans>
      </h2>
      <Switch account={account} sources={sources} />
      {on && (
        <>
          <Heard sources={sources.sources} />
          {sources.sources.some(({ heard }) => heard != null) && (
            <Proposed account={account} votes={votes} sources={sources} />
          )}
          <NotProposed waiting={waiting} />
        </>
      )}
    </section>
  );
}
