import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { Choice } from "../../design/Choice";
import { Count } from "../../design/Count";
import { Empty } from "../../design/Empty";
import { Skeleton } from "../../design/Skeleton";
import { useFixed } from "../../keys/useOpened";
import { useWanted, type Wanted } from "../../identity/assent/pendingSignatures";
import { useOrganisers } from "../../node/queries";
import { namesOf } from "../../words/Names";
import { Fixtures } from "./Fixtures";
import { Invitations } from "./Invitations";
import { useOwnOffice } from "./me";
import styles from "./Organise.module.css";
import { People } from "./People";
import { Results } from "./Results";

type Tab = "results" | "fixtures" | "people";

function NotYours() {
  const { membership } = useFixed();
  const { data } = useOrganisers();
  const organisers = data?.organisers ?? [];
  const names = namesOf(organisers);
  return (
    <Empty title={<Trans>You do not organise this pool</Trans>}>
      {organisers.length === 0 ? (
        <Trans>Nobody does: its results come from nowhere, as in the article.</Trans>
      ) : (
        <>
          {membership === "open" ? (
            <Plural
              value={organisers.length}
              one={`${names} enters the results here.`}
              other={`${names} enter the results here.`}
            />
          ) : (
            <Plural
              value={organisers.length}
              one={`${names} enters the results here and invites friends.`}
              other={`${names} enter the results here and invite friends.`}
            />
          )}{" "}
          <Trans>
            Is a result wrong, then object to it on <Link to="/table">its match’s page</Link>.
          </Trans>
        </>
      )}
    </Empty>
  );
}

/** The desk at which something waits for a signature; the first one if none does. */
const first = ({ results, fixtures, people }: Wanted): Tab =>
  results > 0 ? "results" : fixtures > 0 ? "fixtures" : people > 0 ? "people" : "results";

function Desks({ wanted }: { wanted: Wanted }) {
  const { t } = useLingui();
  // Nobody is taken elsewhere when the last signature is given.
  const [opened] = useState(() => first(wanted));
  const { desk = opened } = useSearch({ from: "/organise" });
  const navigate = useNavigate({ from: "/organise" });
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
        choose={(next) => void navigate({ search: { desk: next }, replace: true })}
        choices={[
          { value: "results", says: named(<Trans>Results</Trans>, wanted.results) },
          { value: "fixtures", says: named(<Trans>Matches</Trans>, wanted.fixtures) },
          { value: "invitations", says: <Trans>Invite</Trans> },
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
export function Organise() {
  const { organises } = useOwnOffice();
  const wanted = useWanted();
  return (
    <div className={styles.page}>
      <h1>
        <Trans>Organise</Trans>
      </h1>
      {organises === undefined || (organises && wanted === undefined) ? (
        <Skeleton rows={4} height={88} />
      ) : !organises || wanted === undefined ? (
        <NotYours />
      ) : (
        <Desks wanted={wanted} />
      )}
    </div>
  );
}
