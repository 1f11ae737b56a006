import type { CSSProperties } from "react";

import { useStore } from "../../device/store";
import styles from "./Disc.module.css";
import { chosenColours, colourOf, COLOURS, type Face, knownFaces, lettersOf, type Person } from "./faces";

interface Props {
  person: Person;
  /** In pixels; `given`: as `--disc` says where it stands. */
  size?: 20 | 24 | 32 | 40 | 48 | 80 | "given";
  /** Whether it is this device's player. */
  own?: boolean;
  /** How it looks, where it stands for no player: `colour` is a place in `COLOURS`. */
  face?: Face | undefined;
}

/** A player's colour, as CSS has it. */
export function useColour(account: string): string {
  const known = useStore(knownFaces).get(account)?.colour ?? colourOf(account);
  return COLOURS[useStore(chosenColours)[account] ?? known] ?? COLOURS[0];
}

/** A player: two letters on a colour, the same everywhere. The name stands beside it, so that it is not read out. */
export function Disc({ person, size = 32, own = false, face }: Props) {
  const colour = useColour(person.account);
  const known = useStore(knownFaces).get(person.account)?.letters ?? lettersOf(person.name);
  return (
    <span
      className={styles.disc}
      data-own={own || undefined}
      aria-hidden="true"
      style={
        {
          ...(size !== "given" && { "--disc": `${size}px` }),
          "--colour": face === undefined ? colour : COLOURS[face.colour],
        } as CSSProperties
      }
    >
      {face?.letters ?? known}
    </span>
  );
}

/** Some players, overlapping; beyond `most` only how many more. `all`: how many they are, where not all are known. */
export function Pile({
  people,
  size = 24,
  most = 3,
  all = people.length,
}: {
  people: readonly Person[];
  size?: 20 | 24 | 32;
  most?: number;
  all?: number;
}) {
  const shown = people.slice(0, most);
  const more = all - shown.length;
  return (
    <span className={styles.pile} aria-hidden="true">
      {shown.map((person) => (
        <Disc key={person.account} person={person} size={size} />
      ))}
      {more > 0 && (
        <span className={styles.disc} data-more style={{ "--disc": `${size}px` } as CSSProperties}>
          +{more}
        </span>
      )}
    </span>
  );
}
