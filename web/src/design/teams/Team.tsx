import { useEffect } from "react";

import { store, useStore } from "../../device/store";
import { locale } from "../../words/languages";
import { hueOf, lettersOf } from "./club";
import { nationName, nationOf } from "./nations";
import styles from "./Team.module.css";

interface Named {
  name: string;
  code?: string | null;
}

/** What a team is called in the reader's language. */
export function teamName({ name }: Named): string {
  const nation = nationOf(name);
  return (nation && nationName(nation, locale())) ?? name;
}

/** A match, by what its teams are called. */
export const matchName = ({ home, away }: { home: Named; away: Named }): string =>
  `${teamName(home)} – ${teamName(away)}`;

const flags = store<((nation: string) => string | undefined) | undefined>(undefined);
let asked: Promise<void> | undefined;

/** Brings the addresses of all flags; one that fails is tried again with the next flag. */
export function bringFlags(): Promise<void> {
  return (asked ??= import("./flags").then(
    ({ flagOf }) => flags.set(flagOf),
    () => {
      asked = undefined;
    },
  ));
}

function Flag({ nation }: { nation: string }) {
  const src = useStore(flags)?.(nation);
  useEffect(() => void bringFlags(), []);
  return (
    <span className={styles.flag} aria-hidden="true">
      {src !== undefined && <img src={src} alt="" width={27} height={18} />}
    </span>
  );
}

/** The nation's flag, or the club's disc. */
export function Badge({ team }: { team: Named }) {
  const nation = nationOf(team.name);
  if (nation !== undefined) return <Flag nation={nation} />;
  const letters = lettersOf(team);
  return (
    <span
      className={styles.disc}
      data-long={letters.length > 2 || undefined}
      aria-hidden="true"
      style={{ "--hue": hueOf(team.name) } as React.CSSProperties}
    >
      {letters}
    </span>
  );
}

/** Badge and name. `end`: the badge stands behind the name. */
export function Team({ team, end = false }: { team: Named; end?: boolean }) {
  return (
    <span className={styles.team} data-end={end || undefined}>
      <Badge team={team} />
      <span className={styles.name}>{teamName(team)}</span>
    </span>
  );
}
