// How a result came: who entered what, what was said against it, and what is still to come.

import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Card, Section } from "../design/Card";
import { TickIcon } from "../design/icons";
import { Unread } from "../design/Unread";
import { useSoon } from "../device/soon";
import { answerNames, rightOf } from "../identity/answers/answer";
import type { Item } from "../identity/assent/kinds";
import { Object } from "../identity/assent/Object";
import type { Shapes } from "../node/client";
import { useNow, usePassed } from "../node/clock";
import { useObjections, useVotes, versionsOptions } from "../node/queries";
import { standing } from "../node/record";
import { Moment } from "../words/Moment";
import { Names } from "../words/Names";
import { seconds, span } from "../words/time";
import styles from "./History.module.css";
import { BECAME, Rest, Score } from "./Outcome";

type Version = Shapes["VersionBody"];

/** A record that counts or did, in a word or as its score. */
function Said({ of, outcome, score }: Pick<Version, "outcome" | "score"> & { of: Item }) {
  if ("asks" in of) return <strong>{answerNames(of.asks, rightOf(outcome)) || <Trans>withdrawn</Trans>}</strong>;
  if (score != null) {
    return (
      <strong className={styles.version}>
        {score.home}:{score.away}
      </strong>
    );
  }
  return BECAME[outcome.status] ?? <Trans>doesn’t count</Trans>;
}

/** What stands beside it; `alone`: of a match its page says the rest already. */
function Beside({ of, outcome, alone = false }: { of: Item; outcome: Version["outcome"]; alone?: boolean }) {
  if (!alone && !("asks" in of)) return <Rest match={of} outcome={outcome} />;
  return outcome.reason != null && <q>{outcome.reason}</q>;
}

const Next = ({ children }: { children: ReactNode }) => (
  <li className={styles.step} data-next>
    {children}
  </li>
);

/** Until when what stands can be corrected. */
function Until({ of }: { of: Item }) {
  const now_s = useNow(1);
  const record = standing(of);
  const asked = "asks" in of;
  if (record === undefined)
    return (
      of.record != null && (
        <Next>
          <Trans>It has a new date now.</Trans>
        </Next>
      )
    );
  if (!asked && of.postponed)
    return (
      <Next>
        <Trans>The result comes after the match is played on its new date.</Trans>
      </Next>
    );
  if (!record.provisional) {
    return (
      <li className={styles.step} data-done>
        <TickIcon size={16} />
        <span>
          {asked ? (
            <Trans>Final. It can’t be changed any more.</Trans>
          ) : (
            <Trans>Final. It can’t be changed any more, and the pot is paid.</Trans>
          )}
        </span>
      </li>
    );
  }
  const left = record.final_at == null ? 0 : seconds(record.final_at) - now_s;
  const time = span(left);
  return (
    <Next>
      {left <= 0 ? (
        <Trans>It will be final in a moment, once everything hidden is revealed or out of time.</Trans>
      ) : asked ? (
        <Trans>It can be corrected for another {time}. Then it’s final.</Trans>
      ) : (
        <Trans>It can be corrected for another {time}. Then it’s final and the pot is paid.</Trans>
      )}
    </Next>
  );
}

/** When a match begins, at the earliest, or a question closes. */
const begins_s = (of: Item): number =>
  seconds(("asks" in of ? of.closes : (of.kickoff ?? of.day?.begins)) ?? "9999-01-01T00:00:00Z");

const Framed = ({ children }: { children: ReactNode }) => (
  <Section title={<Trans>Result history</Trans>}>
    <Card className={styles.history}>{children}</Card>
  </Section>
);

/** Who entered what, in order: every version, objections, what waits for other organisers, and when it is final. Nothing while there is none to come, or it is still `playing`. */
export function History({ of, playing = false }: { of: Item; playing?: boolean }) {
  const begun = usePassed([begins_s(of)]) > -Infinity || of.record != null;
  const versions = useQuery(versionsOptions(of));
  const drawn = useSoon(versions.data !== undefined);
  const objections = useObjections(of).data ?? [];
  const votes = useVotes();
  if (versions.isError || versions.data === undefined || !drawn)
    return begun || versions.isError ? (
      <Framed>
        <Unread of={[versions]} rows={2} height={64} />
      </Framed>
    ) : null;
  const results = votes.data?.filter((vote) => vote.type === "result") ?? [];
  const waiting = results.filter(({ match }) => match.no === of.no);
  const none = versions.data.length === 0 && waiting.length === 0;
  if (none && (!begun || playing)) return null;
  return (
    <Framed>
      <ol className={styles.steps}>
        {none && (
          <Next>
            <Trans>No result has been entered yet.</Trans>
          </Next>
        )}
        {versions.data.map((version, at) => (
          <li
            key={version.version}
            className={styles.step}
            data-old={!version.current || standing(of) === undefined || undefined}
          >
            <p>
              <Said of={of} {...version} />{" "}
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
            <Beside of={of} outcome={version.outcome} alone={versions.data.length === 1} />
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
            <Next key={vote.id}>
              <p>
                <Trans>
                  <Names players={vote.signers} /> entered
                </Trans>{" "}
                {"asks" in of ? <Said of={of} outcome={vote.outcome} /> : <Score outcome={vote.outcome} />}
                {". "}
                <Plural
                  value={missing}
                  one="One more organiser has to confirm it."
                  other="# more organisers have to confirm it."
                />
              </p>
              <Beside of={of} outcome={vote.outcome} />
            </Next>
          );
        })}
        <Until of={of} />
      </ol>
      {standing(of)?.provisional === true && (
        <Object key={`${of.no}/${of.record?.version}`} of={of} objections={objections} />
      )}
    </Framed>
  );
}
