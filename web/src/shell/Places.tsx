import { Plural, SelectOrdinal, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Mark } from "../checking/Mark";
import { ShieldIcon, LiveIcon, MoreIcon, OrganiseIcon, TableIcon, TipsIcon } from "../design/icons";
import { Disc } from "../design/people";
import silent from "../design/Silent.module.css";
import { useDrafts } from "../identity/drafts/drafts";
import { Pools } from "../identity/pools";
import { useWaiting } from "../identity/assent/waiting";
import { usePlayerHere } from "../keys/player";
import { useFixed } from "../keys/useOpened";
import { poolOptions, standingsOptions } from "../node/queries";
import { useWide } from "../device/wide";
import { Link, usePathname } from "../route";
import styles from "./Shell.module.css";

/** Says of a dot what it is there for. */
const Needs = () => (
  <span className={silent.silent}>
    {" "}
    <Trans>(something needs you)</Trans>
  </span>
);

/** The pool and its mark, above the places on a desk. */
function Pool({ id }: { id: string }) {
  const { name } = useFixed();
  return (
    <div className={styles.pool}>
      <Pools own={id} rail />
      <p className={styles.poolName}>{name}</p>
      <Mark rail />
    </div>
  );
}

/** Where a player stands, as far as a place has asked for the table. */
function Standing({ account }: { account: string }) {
  const { data } = useQuery({ ...standingsOptions({}), enabled: false });
  const line = data?.items.find(({ player }) => player.account === account);
  if (line === undefined || data?.scored === 0) return null;
  const { place, points } = line;
  return (
    <small>
      <SelectOrdinal value={place} one="#st" two="#nd" few="#rd" other="#th" />
      {" · "}
      <Plural value={points} one="# point" other="# points" />
    </small>
  );
}

/** The bar with every place; on a narrow screen the rest stands behind "More". */
export function Places() {
  const { t } = useLingui();
  const wide = useWide();
  const { data: pool } = useQuery(poolOptions());
  const player = usePlayerHere(pool?.id ?? "");
  const organises = pool?.organisers.some(({ account }) => account === player?.account) === true;
  const waits = useWaiting() > 0;
  const unsent = useDrafts(pool?.id ?? "").wanted.length > 0;
  const path = usePathname();
  /** Marks where the reader is, or what lies above it. */
  const mark = (to: string) => ({ "aria-current": `${path}/`.startsWith(`${to}/`) ? ("page" as const) : undefined });
  return (
    <nav className={styles.nav} aria-label={t`Places`}>
      {wide && pool !== undefined && <Pool id={pool.id} />}
      <Link to="/" className={styles.place} {...mark("/")}>
        <i>
          <TipsIcon />
          {unsent && <span className={styles.dot} />}
        </i>
        <Trans>Tips</Trans>
        {unsent && <Needs />}
      </Link>
      <Link to="/table" className={styles.place} {...mark("/table")}>
        <i>
          <TableIcon />
        </i>
        <Trans>Table</Trans>
      </Link>
      <Link to="/live" className={styles.place} {...mark("/live")}>
        <i>
          <LiveIcon />
        </i>
        <Trans>Live</Trans>
      </Link>
      {organises && (
        <Link to="/organise" className={styles.place} {...mark("/organise")} data-wide>
          <i>
            <OrganiseIcon />
          </i>
          <Trans>Organise</Trans>
          {waits && <span className={styles.dot} data-wide />}
          {waits && <Needs />}
        </Link>
      )}
      <Link to="/book" className={styles.place} {...mark("/book")} data-wide>
        <i>
          <ShieldIcon />
        </i>
        <Trans>How it is checked</Trans>
      </Link>
      <Link to="/me" className={styles.place} {...mark("/me")}>
        <i>
          <MoreIcon />
          {waits && <span className={styles.dot} />}
        </i>
        <Trans>More</Trans>
        {waits && <Needs />}
      </Link>
      {wide && player !== undefined && player.name !== "" && (
        <Link
          to="/player/:name"
          params={{ name: player.name }}
          className={styles.own}
          {...mark(`/player/${encodeURIComponent(player.name)}`)}
        >
          <Disc person={player} size={40} own />
          <span>
            {player.name}
            <Standing account={player.account} />
          </span>
        </Link>
      )}
    </nav>
  );
}
