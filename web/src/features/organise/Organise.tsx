import { Trans, useLingui } from "@lingui/react/macro";
import { useState, type ReactNode } from "react";

import { Choice } from "../../design/Choice";
import { Count } from "../../design/Count";
import { Head } from "../../design/Head";
import { Skeleton } from "../../design/Skeleton";
import { TABS } from "../../identity/assent/kinds";
import { dueAnswers } from "../../identity/assent/overdue";
import { useWanted, type Wanted } from "../../identity/assent/pendingSignatures";
import { useMatches, useQuestions } from "../../node/queries";
import { go, type Search } from "../../route";
import { Fixtures } from "./matches/Fixtures";
import { Invitations } from "./invite/Invitations";
import { useOwnOffice } from "./me";
import { NotYours } from "./NotYours";
import styles from "./Organise.module.css";
import { OwnVote } from "./OwnVote";
import { People } from "./people/People";
import { Questions } from "./questions/Desk";
import { Results } from "./results/Results";

function Desks({ wanted, due, asked }: { wanted: Wanted; due: boolean; asked: string | undefined }) {
  const { t } = useLingui();
  // Where something waits for a signature, or for its answer. Nobody is taken elsewhere when that is given.
  const [opened] = useState(() => TABS.find((it) => wanted[it] > 0) ?? (due ? "questions" : "results"));
  const desk = TABS.find((it) => it === asked) ?? opened;
  const named = (name: ReactNode, count: number): ReactNode => (
    <span className={styles.named}>
      {name}
      <Count of={count} tight />
    </span>
  );
  return (
    <>
      <Choice
        label={t`What to do`}
        silent
        value={desk}
        choose={(next) => go({ to: "/organise", search: { desk: next }, replace: true })}
        choices={[
          { value: "results", says: named(<Trans>Results</Trans>, wanted.results) },
          { value: "fixtures", says: named(<Trans>Matches</Trans>, wanted.fixtures) },
          { value: "questions", says: named(<Trans>Questions</Trans>, wanted.questions) },
          { value: "invitations", says: named(<Trans>Invite</Trans>, wanted.invitations) },
          { value: "people", says: named(<Trans>People</Trans>, wanted.people) },
        ]}
      />
      {desk === "results" && <Results />}
      {desk === "fixtures" && <Fixtures />}
      {desk === "questions" && <Questions />}
      {desk === "invitations" && <Invitations />}
      {desk === "people" && <People />}
    </>
  );
}

/** What the pool's organisers do. */
export function Organise({ desk }: Search) {
  const { organises } = useOwnOffice();
  const wanted = useWanted();
  const { data: matches = [], ...played } = useMatches();
  const { data: questions = [], ...known } = useQuestions();
  const isLoading = wanted === undefined || played.isLoading || known.isLoading;
  return (
    <div className={styles.page}>
      <Head back="/me">
        <Trans>Organise</Trans>
      </Head>
      {organises === undefined || (organises && isLoading) ? (
        <Skeleton rows={4} height={88} />
      ) : !organises || isLoading ? (
        <NotYours />
      ) : (
        <>
          <OwnVote />
          <Desks wanted={wanted} due={dueAnswers(questions, matches).length > 0} asked={desk} />
        </>
      )}
    </div>
  );
}
