import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { Count } from "../design/Count";
import { BookIcon, LiveIcon, MoreIcon, OrganiseIcon, TableIcon, TipsIcon } from "../design/icons";
import { usePlayerHere } from "../keys/player";
import { allOf, useWanted } from "../identity/assent/pendingSignatures";
import { poolOptions } from "../node/queries";
import styles from "./Shell.module.css";

/** The bar with every place; on a narrow screen the rest stands behind "More". */
export function Places() {
  const { t } = useLingui();
  const { data: pool } = useQuery(poolOptions());
  const player = usePlayerHere(pool?.id ?? "");
  const organises = pool?.organisers.some(({ account }) => account === player?.account) === true;
  const wanted = useWanted();
  const count = wanted === undefined ? null : <Count of={allOf(wanted)} />;
  return (
    <nav className={styles.nav} aria-label={t`Places`}>
      <Link to="/" className={styles.place} activeOptions={{ exact: true }}>
        <TipsIcon />
        <Trans>Tips</Trans>
      </Link>
      <Link to="/table" className={styles.place}>
        <TableIcon />
        <Trans>Table</Trans>
      </Link>
      <Link to="/live" className={styles.place}>
        <LiveIcon />
        <Trans>Live</Trans>
      </Link>
      <Link to="/book" className={styles.place} data-wide>
        <BookIcon />
        <Trans>The book</Trans>
      </Link>
      {organises && (
        <Link to="/organise" className={styles.place} data-wide>
          <OrganiseIcon />
          <Trans>Organise</Trans>
          {count}
        </Link>
      )}
      <Link to="/me" className={styles.place}>
        <MoreIcon />
        <Trans>More</Trans>
        {count !== null && <span className={styles.narrow}>{count}</span>}
      </Link>
    </nav>
  );
}
