import type { ComponentProps } from "react";

import styles from "./Faces.module.css";
import { Disc, type Person, Pile } from "./people";
import { Badge } from "./teams";

interface Props {
  people?: readonly Person[];
  /** Both teams of a match. */
  teams?: readonly ComponentProps<typeof Badge>["team"][];
  large?: boolean;
}

/** So many people have a disc. */
const DISCS = 2;

/** What stands before a sentence: discs of whom it is about, or else the badges of two teams. */
export function Faces({ people = [], teams = [], large = false }: Props) {
  const [first, ...others] = people;
  if (first === undefined) {
    if (teams.length === 0) return null;
    return (
      <span className={styles.teams}>
        {teams.map((team, at) => (
          <Badge key={at} team={team} />
        ))}
      </span>
    );
  }
  if (others.length === 0) return <Disc person={first} size={large ? 48 : 40} />;
  return <Pile people={people} size={large ? 32 : 24} most={DISCS} all={DISCS} />;
}
