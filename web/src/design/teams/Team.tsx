import { locale } from "../../words/languages";
import { nationName, nationOf } from "./nations";
import { crests, flags } from "./pieces";
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

function Flag({ nation }: { nation: string }) {
  const src = flags.use()?.flagOf(nation);
  return (
    <span className={styles.flag} aria-hidden="true">
      {src !== undefined && <img src={src} alt="" width={27} height={18} />}
    </span>
  );
}

function Shield({ team }: { team: Named }) {
  const drawn = crests.use();
  return (
    <span className={styles.shield} aria-hidden="true">
      {drawn && <drawn.Crest club={drawn.clubOf(team)} />}
    </span>
  );
}

/** The nation's flag, or the club's crest. */
export function Badge({ team }: { team: Named }) {
  const nation = nationOf(team.name);
  return nation === undefined ? <Shield team={team} /> : <Flag nation={nation} />;
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
