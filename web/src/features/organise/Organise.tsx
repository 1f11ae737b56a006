import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import { Choice } from "../../design/Choice";
import { Empty } from "../../design/Empty";
import { Skeleton } from "../../design/Skeleton";
import { useOrganisers, usePool } from "../../node/queries";
import { namesOf } from "../../words/Names";
import { Fixtures } from "./Fixtures";
import { Invitations } from "./Invitations";
import { useOwnOffice } from "./me";
import styles from "./Organise.module.css";
import { People } from "./People";
import { Results } from "./Results";

function NotYours() {
  const pool = usePool();
  const { data } = useOrganisers();
  const organisers = data?.organisers ?? [];
  const names = namesOf(organisers);
  return (
    <Empty title={<Trans>You do not organise this pool</Trans>}>
      {organisers.length === 0 ? (
        <Trans>Nobody does: its results come from nowhere, as in the article.</Trans>
      ) : (
        <>
          {pool.membership === "open" ? (
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

/** What the pool's organisers do. */
export function Organise() {
  const { t } = useLingui();
  const { desk = "results" } = useSearch({ from: "/organise" });
  const navigate = useNavigate({ from: "/organise" });
  const { organises } = useOwnOffice();
  return (
    <div className={styles.page}>
      <h1>
        <Trans>Organise</Trans>
      </h1>
      {organises === undefined ? (
        <Skeleton rows={4} height={88} />
      ) : !organises ? (
        <NotYours />
      ) : (
        <>
          <Choice
            label={t`What to do`}
            silent
            value={desk}
            choose={(next) => void navigate({ search: { desk: next }, replace: true })}
            choices={[
              { value: "results", says: <Trans>Results</Trans> },
              { value: "fixtures", says: <Trans>Matches</Trans> },
              { value: "invitations", says: <Trans>Invite</Trans> },
              { value: "people", says: <Trans>People</Trans> },
            ]}
          />
          {desk === "results" && <Results />}
          {desk === "fixtures" && <Fixtures />}
          {desk === "invitations" && <Invitations />}
          {desk === "people" && <People />}
        </>
      )}
    </div>
  );
}
