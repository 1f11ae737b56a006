import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { matchName } from "../design/teams";
import { usePlayerHere } from "../keys/player";
import { matchesOptions, poolOptions } from "../node/queries";
import { standing } from "../node/record";
import styles from "../design/Banner.module.css";

/** Tells organisers, wherever they are, which results players object to. */
export function Objected() {
  const { data: pool } = useQuery(poolOptions());
  const account = usePlayerHere(pool?.id ?? "")?.account;
  const organises = pool?.organisers.some((organiser) => organiser.account === account) === true;
  const { data: matches = [] } = useQuery({ ...matchesOptions(), enabled: organises });
  const objected = matches.filter((match) => {
    const record = standing(match);
    return organises && record?.provisional === true && record.objections > 0;
  });
  return (
    <div role="status" aria-live="polite" className={objected.length > 0 ? styles.away : undefined}>
      {objected.map((match) => {
        const name = matchName(match);
        return (
          <p key={match.code}>
            <Trans>
              A player says the result of <strong>{name}</strong> is wrong.
            </Trans>{" "}
            <Link to="/organise" search={{ desk: "results" }}>
              <Trans>Take a look</Trans>
            </Link>
          </p>
        );
      })}
    </div>
  );
}
