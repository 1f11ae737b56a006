import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { matchName } from "../design/teams";
import { useObjected } from "../identity/assent/objections";
import { usePlayerHere } from "../keys/player";
import { matchesOptions, poolOptions } from "../node/queries";
import styles from "../design/Banner.module.css";
import { Link, usePathname } from "../route";

/** Tells organisers which results players object to, wherever they are but where they see to it, until that is done. */
export function Objected() {
  const { data: pool } = useQuery(poolOptions());
  const account = usePlayerHere(pool?.id ?? "")?.account;
  const organises = pool?.organisers.some((organiser) => organiser.account === account) === true;
  const { data: matches = [] } = useQuery({ ...matchesOptions(), enabled: organises });
  const there = usePathname() === "/organise";
  const open = useObjected(pool?.id ?? "", organises ? matches : []).filter(({ answered }) => !answered);
  const objected = there ? [] : matches.filter((match) => open.some((objection) => objection.match === match));
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
