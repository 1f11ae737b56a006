import { Plural, Trans } from "@lingui/react/macro";

import { Empty } from "../../design/Empty";
import { useFixed } from "../../keys/useOpened";
import { useOrganisers } from "../../node/queries";
import { Link } from "../../route";
import { namesOf } from "../../words/Names";

/** What stands here for whoever is no organiser. */
export function NotYours() {
  const { membership } = useFixed();
  const { data } = useOrganisers();
  const organisers = data?.organisers ?? [];
  const names = namesOf(organisers);
  return (
    <Empty title={<Trans>You’re not an organiser of this pool</Trans>}>
      {organisers.length === 0 ? (
        <Trans>No one is: as in the article, this pool has no results.</Trans>
      ) : (
        <>
          {membership === "open" ? (
            <Plural
              value={organisers.length}
              one={`${names} enters the results.`}
              other={`${names} enter the results.`}
            />
          ) : (
            <Plural
              value={organisers.length}
              one={`${names} enters the results and invites friends.`}
              other={`${names} enter the results and invite friends.`}
            />
          )}{" "}
          <Trans>
            If a result is wrong, object to it on <Link to="/table">its match page</Link>.
          </Trans>
        </>
      )}
    </Empty>
  );
}
