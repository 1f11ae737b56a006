import { useLingui } from "@lingui/react/macro";

import { Disc } from "../../design/people";
import { lettersOf } from "../../design/people/faces";
import type { Joined } from "../../keys/joined";
import { usePathname } from "../../route";
import styles from "./Discs.module.css";

/** Places that every pool has; from others one goes to the pool's tips. */
const EVERYWHERE = ["/table", "/live", "/book", "/me"];

/** Two letters for each pool, none those of another. */
function lettersOfAll(pools: readonly Joined[]): Map<string, string> {
  const letters = new Map<string, string>();
  for (const { pool, name } of pools) letters.set(pool, lettersOf(name, new Set(letters.values())));
  return letters;
}

/** A disc for each pool, which leads to the same place there. `here`: where this page lies. */
export default function Discs({ pools, own, here }: { pools: readonly Joined[]; own: string; here: string }) {
  const { t } = useLingui();
  const place = usePathname();
  const to = EVERYWHERE.includes(place) ? place.slice(1) : "";
  const letters = lettersOfAll(pools);
  return (
    <nav className={styles.pools} aria-label={t`Your pools`}>
      {pools.map(({ pool, name, path }) => (
        <a
          key={pool}
          href={(pool === own ? here : path) + to}
          className={styles.pool}
          aria-label={name}
          aria-current={pool === own ? "true" : undefined}
          title={name}
        >
          <Disc person={{ account: pool, name }} letters={letters.get(pool)} own={pool === own} />
        </a>
      ))}
    </nav>
  );
}
