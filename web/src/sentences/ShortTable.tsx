import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Card, Section } from "../design/Card";
import { Movement } from "../design/Movement";
import { Disc, personOf } from "../design/people";
import { Skeleton } from "../design/Skeleton";
import type { Shapes } from "../node/client";
import { liveTableOptions, useGains, useLiveMatches } from "../node/live";
import { useStandings } from "../node/queries";
import { Link } from "../route";
import styles from "./ShortTable.module.css";

type Line = Shapes["StandingBody"];

/** So many are shown; a player who is further down stands below them. */
const MOST = 10;

interface PlaceProps {
  line: Line;
  own: boolean;
  scored: boolean;
  /** Whether places were won or lost. */
  moves: boolean;
  /** What the matches that are played now would give. */
  gain: number;
}

function Place({ line, own, scored, moves, gain }: PlaceProps) {
  const person = personOf(line.player);
  const by = (line.before ?? line.place) - line.place;
  return (
    <li className={styles.line} data-own={own || undefined} data-moves={moves || undefined}>
      <span className={styles.place}>{scored && line.place}</span>
      {moves && <span>{by !== 0 && <Movement by={by} />}</span>}
      <Disc person={person} size={32} />
      <Link to="/player/:name" params={{ name: person.name }} className={styles.name}>
        {person.name}
      </Link>
      <span className={styles.points}>
        {gain > 0 && <small className={styles.gain}>+{gain}</small>} {scored && line.points}
      </span>
    </li>
  );
}

function Title({ scored, lives }: { scored: number; lives: boolean }) {
  if (lives) return <Trans>As it stands</Trans>;
  return scored === 0 ? (
    <Trans>Who plays</Trans>
  ) : (
    <Plural value={scored} one="Table after # match" other="Table after # matches" />
  );
}

interface Props {
  account: string | undefined;
  matches: readonly Shapes["MatchBody"][];
}

/** The table beside matches, on a desk; while one is played, as it would stand if it ended now. */
export function ShortTable({ account, matches }: Props) {
  const { t } = useLingui();
  const { data } = useStandings({});
  const plays = useLiveMatches(matches).length > 0;
  const live = useQuery({ ...liveTableOptions(), enabled: plays }).data;
  const gains = useGains(plays);
  if (data === undefined) return <Skeleton rows={8} height={48} />;
  const lives = plays && live !== undefined;
  const items = lives ? live.items : data.items;
  const first = items.slice(0, MOST);
  const own = items.find(({ player }) => player.account === account);
  const shown = own === undefined || first.includes(own) ? first : [...first.slice(0, -1), own];
  if (items.length === 0) return null;
  const moves = shown.some(({ before, place }) => before != null && before !== place);
  return (
    <Section
      aria-label={t`Table`}
      title={<Title scored={data.scored} lives={lives} />}
      aside={
        <Link to="/table" className={styles.all}>
          <Trans>Whole table</Trans>
        </Link>
      }
    >
      <Card>
        <ol>
          {shown.map((line) => (
            <Place
              key={line.player.account}
              line={line}
              own={line === own}
              scored={lives || data.scored > 0}
              moves={moves}
              gain={gains?.of.get(line.player.account) ?? 0}
            />
          ))}
        </ol>
      </Card>
    </Section>
  );
}
