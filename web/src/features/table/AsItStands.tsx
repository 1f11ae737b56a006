import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { $node } from "../../node/client";
import { useLive } from "../../node/queries";
import { Moved } from "./Standings";
import styles from "./Table.module.css";

/** The table as it would be if the matches that are played ended with their live scores. */
export function AsItStands() {
  const live = useLive().data?.items ?? [];
  const { data } = $node.useQuery("get", "/api/v1/live/standings", {}, { enabled: live.length > 0 });
  if (live.length === 0 || data === undefined) return null;
  return (
    <section className={styles.stands}>
      <h2>
        <Trans>As it stands</Trans>
      </h2>
      <p>
        <Trans>With the live scores, which count for nothing yet and are not checked.</Trans>
      </p>
      <ol>
        {data.items.map(({ player, place, points, before }) => {
          const name = player.name ?? player.account;
          return (
            <li key={player.account}>
              <span className={styles.place}>{place}</span>
              <span className={styles.moved}>{before != null && <Moved by={before - place} />}</span>
              <Link to="/player/$name" params={{ name }} className={styles.link}>
                {name}
              </Link>
              <strong>{points}</strong>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
