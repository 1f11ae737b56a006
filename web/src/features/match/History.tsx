import { Plural, Trans } from "@lingui/react/macro";
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Card, Heading } from "../../design/Card";
import { Failure } from "../../design/Failure";
import { Skeleton } from "../../design/Skeleton";
import { TickIcon } from "../../design/icons";
import { node, type Shapes } from "../../node/client";
import { waitingEntry } from "../../node/entries";
import { everyPage } from "../../node/pages";
import { useNow, usePassed } from "../../node/clock";
import { useObjections } from "../../node/queries";
import { standing } from "../../node/record";
import { useSoon } from "../../device/soon";
import { Moment } from "../../words/Moment";
import { Names } from "../../words/Names";
import { Rest, Score } from "../../sentences/Outcome";
import { seconds, span } from "../../words/time";
import styles from "./History.module.css";
import { Object } from "./Object";

type Match = Shapes["MatchBody"];

const votesOn = (code: string) =>
  queryOptions({
    queryKey: ["get", "/api/v1/votes", code],
    queryFn: ({ signal }) =>
      everyPage<Shapes["WaitingBody"]>(
        (cursor) =>
          node.GET("/api/v1/votes", {
            signal,
            params: { query: { match: code, limit: 500, ...(cursor && { cursor }) } },
          }),
        waitingEntry,
      ),
  });

const versionsOptions = (code: string) =>
  queryOptions({
    queryKey: ["get", "/api/v1/matches/{code}/results", code],
    queryFn: ({ signal }) =>
      everyPage<Shapes["VersionBody"]>((cursor) =>
        node.GET("/api/v1/matches/{code}/results", {
          signal,
          params: { path: { code }, query: { limit: 500, ...(cursor && { cursor }) } },
        }),
      ),
  });

function Said({ outcome, score }: Pick<Shapes["VersionBody"], "outcome" | "score">) {
  if (score != null) {
    return (
      <strong className={styles.version}>
        {score.home}:{score.away}
      </strong>
    );
  }
  switch (outcome.status) {
    case "cancelled":
      return <Trans>cancelled</Trans>;
    case "abandoned":
      return <Trans>abandoned</Trans>;
    case "postponed":
      return <Trans>postponed</Trans>;
    default:
      return <Trans>doesn’t count</Trans>;
  }
}

function Until({ match }: { match: Match }) {
  const now_s = useNow(1);
  const record = standing(match);
  if (record === undefined)
    return (
      match.record != null && (
        <li className={styles.step} data-next>
          <Trans>It has a new date now.</Trans>
        </li>
      )
    );
  if (match.postponed)
    return (
      <li className={styles.step} data-next>
        <Trans>The result comes after the match is played on its new date.</Trans>
      </li>
    );
  if (!record.provisional) {
    return (
      <li className={styles.step} data-done>
        <TickIcon size={16} />
        <span>
          <Trans>Final. It can’t be changed any more, and the pot is paid.</Trans>
        </span>
      </li>
    );
  }
  const left = record.final_at == null ? 0 : seconds(record.final_at) - now_s;
  const time = span(left);
  return (
    <li className={styles.step} data-next>
      {left > 0 ? (
        <Trans>It can be corrected for another {time}. Then it’s final and the pot is paid.</Trans>
      ) : (
        <Trans>It will be final in a moment, once every hidden tip is revealed or out of time.</Trans>
      )}
    </li>
  );
}

/** When a match begins, at the earliest. */
const begins_s = ({ kickoff, day }: Match): number => seconds(kickoff ?? day?.begins ?? "9999-01-01T00:00:00Z");

const Framed = ({ children }: { children: ReactNode }) => (
  <section>
    <Heading>
      <Trans>Result history</Trans>
    </Heading>
    <Card className={styles.history}>{children}</Card>
  </section>
);

/** Who entered what, in order: every version, objections, what waits for other organisers, and when it is final. Nothing while there is none to come, or it is still `playing`. */
export function History({ code, match, playing = false }: { code: string; match: Match; playing?: boolean }) {
  const begun = usePassed([begins_s(match)]) > -Infinity || match.record != null;
  const versions = useQuery(versionsOptions(code));
  const drawn = useSoon(versions.data !== undefined);
  const objections = useObjections(code).data ?? [];
  const votes = useQuery(votesOn(code));
  if (versions.isError)
    return (
      <Framed>
        <Failure error={versions.error} again={() => void versions.refetch()} />
      </Framed>
    );
  if (versions.data === undefined || !drawn)
    return begun ? (
      <Framed>
        <Skeleton rows={2} height={64} />
      </Framed>
    ) : null;
  const waiting = votes.data?.filter((vote) => vote.type === "result") ?? [];
  const none = versions.data.length === 0 && waiting.length === 0;
  if (none && (!begun || playing)) return null;
  return (
    <Framed>
      <ol className={styles.steps}>
        {none && (
          <li className={styles.step} data-next>
            <Trans>No result has been entered yet.</Trans>
          </li>
        )}
        {versions.data.map((version, at) => (
          <li
            key={version.version}
            className={styles.step}
            data-old={!version.current || standing(match) === undefined || undefined}
          >
            <p>
              <Said outcome={version.outcome} score={version.score} />{" "}
              {at === 0 || versions.data[at - 1]?.outcome.status === "postponed" ? (
                <Trans>
                  entered by <Names players={version.signers} />
                </Trans>
              ) : (
                <Trans>
                  corrected by <Names players={version.signers} />
                </Trans>
              )}
            </p>
            <p className={styles.soft}>
              <Moment at_s={seconds(version.time)} />
            </p>
            {versions.data.length > 1 ? (
              <Rest match={match} outcome={version.outcome} />
            ) : (
              version.outcome.reason != null && <q>{version.outcome.reason}</q>
            )}
            {objections
              .filter((objection) => objection.version === version.version)
              .map((objection) => (
                <p key={objection.player.account} className={styles.objection}>
                  <Trans>
                    <Names players={[objection.player]} /> says it’s wrong:
                  </Trans>{" "}
                  <q>{objection.text}</q>
                </p>
              ))}
          </li>
        ))}
        {waiting.map((vote) => {
          const missing = vote.signatures_needed - vote.signers.length;
          return (
            <li key={vote.id} className={styles.step} data-next>
              <p>
                <Trans>
                  <Names players={vote.signers} /> entered
                </Trans>{" "}
                {"outcome" in vote && <Score outcome={vote.outcome} />}
                {". "}
                <Plural
                  value={missing}
                  one="One more organiser has to confirm it."
                  other="# more organisers have to confirm it."
                />
              </p>
              {"outcome" in vote && <Rest match={match} outcome={vote.outcome} />}
            </li>
          );
        })}
        <Until match={match} />
      </ol>
      {standing(match)?.provisional === true && (
        <Object key={`${match.no}/${match.record?.version}`} code={code} match={match} objections={objections} />
      )}
    </Framed>
  );
}
