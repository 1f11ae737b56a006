import { useLingui } from "@lingui/react/macro";

import { Disc } from "../../design/people";
import { colourOf, COLOURS, type Face, lettersOf } from "../../design/people/faces";
import silent from "../../design/Silent.module.css";
import type { Joined } from "../../keys/joined";
import { usePathname } from "../../route";
import styles from "./Discs.module.css";

/** Places that every pool has; from others one goes to the pool's tips. */
const EVERYWHERE = ["/table", "/live", "/book", "/me"];

/** How each pool looks: with two letters that no other has, and a colour of its own while there are enough. */
function facesOf(pools: readonly Joined[]): Face[] {
  const faces: Face[] = [];
  for (const { pool, name } of pools) {
    const letters = lettersOf(name, new Set(faces.map((face) => face.letters)));
    const own = colourOf(pool);
    const after = COLOURS.map((_, step) => (own + step) % COLOURS.length);
    const colour = after.find((at) => faces.every((face) => face.colour !== at)) ?? own;
    faces.push({ letters, colour });
  }
  return faces;
}

/** A disc for each pool, which leads to the same place there. `here`: where this page lies. */
export default function Discs({ pools, own, here }: { pools: readonly Joined[]; own: string; here: string }) {
  const { t } = useLingui();
  const place = usePathname();
  const to = EVERYWHERE.includes(place) ? place.slice(1) : "";
  const faces = facesOf(pools);
  return (
    <nav className={styles.pools} aria-label={t`Your pools`}>
      {pools.map(({ pool, name, path }, at) => (
        <a
          key={pool}
          href={(pool === own ? here : path) + to}
          className={styles.pool}
          aria-current={pool === own ? "true" : undefined}
          title={name}
        >
          <Disc person={{ account: pool, name }} face={faces[at]} own={pool === own} />
          <span className={silent.silent}>{name}</span>
        </a>
      ))}
    </nav>
  );
}
