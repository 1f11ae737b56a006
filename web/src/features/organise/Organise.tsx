import { Trans, useLingui } from "@lingui/react/macro";
import { useState, type ReactNode } from "react";

import { Choice } from "../../design/Choice";
import { Count } from "../../design/Count";
import { Head } from "../../design/Head";
import { Skeleton } from "../../design/Skeleton";
import { useWanted, type Wanted } from "../../identity/assent/pendingSignatures";
import { go, type Search } from "../../route";
import { Fixtures } from "./matches/Fixtures";
import { Invitations } from "./invite/Invitations";
import { useOwnOffice } from "./me";
import { NotYours } from "./NotYours";
import styles from "./Organise.module.css";
import { OwnVote } from "./OwnVote";
import { People } from "./people/People";
import { Results } from "./results/Results";

const TABS = ["results", "fixtures", "invitations", "people"] as const;
type Tab = (typeof TABS)[number];

/** The desk at which something waits for a signature; the first one if none does. */
const first = ({ results, fixtures, people, invitations }: Wanted): Tab =>
  results > 0
    ? "results"
    : fixtures > 0
      ? "fixtures"
      : people > 0
        ? "people"
        : invitations > 0
          ? "invitations"
          : "results";

function Desks({ wanted, asked }: { wanted: Wanted; asked: string | undefined }) {
  const { t } = useLingui();
  // Nobody is taken elsewhere when the last signature is given.
  const [opened] = useState(() => first(wanted));
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
          { value: "invitations", says: named(<Trans>Invite</Trans>, wanted.invitations) },
          { value: "people", says: named(<Trans>People</Trans>, wanted.people) },
        ]}
      />
      {desk === "results" && <Results />}
      {desk === "fixtures" && <Fixtures />}
      {desk === "invitations" && <Invitations />}
      {desk === "people" && <People />}
    </>
  );
}

/** What the pool's organisers do. */
export function Organise({ desk }: Search) {
  const { organises } = useOwnOffice();
  const wanted = useWanted();
  return (
    <div className={styles.page}>
      <Head back="/me">
        <Trans>Organise</Trans>
      </Head>
      {organises === undefined || (organises && wanted === undefined) ? (
        <Skeleton rows={4} height={88} />
      ) : !organises || wanted === undefined ? (
        <NotYours />
      ) : (
        <>
          <OwnVote />
          <Desks wanted={wanted} asked={desk} />
        </>
      )}
    </div>
  );
}
