import { Plural, Trans } from "@lingui/react/macro";

import { Failure } from "../../design/Failure";
import { Notice } from "../../design/Notice";
import { Skeleton } from "../../design/Skeleton";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { useValidators } from "../../node/queries";
import { useSoon } from "../../shell/soon";
import { Names } from "../../words/Names";
import { distance, seconds } from "../../words/time";
import styles from "./Book.module.css";
import { neededOf } from "./keepers";

function Keeper({ keeper }: { keeper: Shapes["VoterBody"] }) {
  const now_s = useNow(10);
  const last = keeper.last_vote;
  const time = last == null ? "" : distance(now_s - seconds(last.time));
  return (
    <li className={styles.keeper} data-away={keeper.away === true || undefined}>
      <span className={styles.light} aria-hidden="true" />
      <span>
        <Names players={[keeper.validator]} />
        {keeper.cheated.length > 0 && (
          <strong className={styles.cheated}>
            {" "}
            <Trans>has cheated</Trans>
          </strong>
        )}
      </span>
      <span className={styles.soft}>
        {keeper.away === true ? (
          <Trans>away</Trans>
        ) : last == null ? (
          <Trans>not heard yet</Trans>
        ) : (
          <Trans>heard {time} ago</Trans>
        )}
      </span>
      <span className={styles.weight}>
        <Plural value={keeper.weight} one="# vote" other="# votes" />
      </span>
    </li>
  );
}

function Waits({ waits }: { waits: Shapes["WaitsBody"] }) {
  const twice = waits.twice ?? [];
  return (
    <Notice look="soon">
      {twice.length > 0 ? (
        <p>
          <Trans>
            The key of <Names players={twice} /> signed two different votes on the next page: it runs on two computers,
            or somebody cheats. Of two computers, one must stop and the other start again.
          </Trans>
        </p>
      ) : waits.disagree === true ? (
        <Trans>The next page waits: the keepers who are there do not agree. Is somebody’s clock wrong?</Trans>
      ) : waits.away.length === 0 ? (
        <Trans>
          The next page waits: the pool’s computer has heard no keeper yet. What you send is kept meanwhile.
        </Trans>
      ) : (
        <p>
          <Trans>
            The next page waits for <Names players={waits.away} />. What you send is kept meanwhile.
          </Trans>
        </p>
      )}
    </Notice>
  );
}

/** Who stamps pages, who of them is there, and how many it takes. */
export function Keepers() {
  const keepers = useValidators();
  const drawn = useSoon(keepers.data !== undefined);
  if (keepers.isError) return <Failure error={keepers.error} again={() => void keepers.refetch()} />;
  if (keepers.data === undefined || !drawn) return <Skeleton rows={1} height={76} />;
  const { validators, waits } = keepers.data;
  if (validators.length === 0) {
    return (
      <p>
        <Trans>Nobody: whoever wants adds pages by work, and the book with the most work counts.</Trans>
      </p>
    );
  }
  const all = validators.reduce((sum, keeper) => sum + keeper.weight, 0);
  const needed = neededOf(all);
  return (
    <>
      {waits != null && <Waits waits={waits} />}
      <ul className={styles.keepers}>
        {validators.map((keeper) => (
          <Keeper key={keeper.key} keeper={keeper} />
        ))}
      </ul>
      <p className={styles.soft}>
        {validators.length === 1 ? (
          <Trans>One computer stamps alone. It cannot change a tip, but it can leave one out or date it.</Trans>
        ) : (
          <Trans>
            It takes {needed} of {all} votes to stamp a page. No keeper can change or forge a tip.
          </Trans>
        )}
      </p>
    </>
  );
}
