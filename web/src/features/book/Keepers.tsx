import { Plural, Trans } from "@lingui/react/macro";

import { According } from "../../design/According";
import { Card } from "../../design/Card";
import { Person } from "../../design/people/Person";
import { Unread } from "../../design/Unread";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { useAttendance, useValidators } from "../../node/queries";
import { neededOf } from "../../node/quorum";
import { useSoon } from "../../device/soon";
import { distance, seconds } from "../../words/time";
import styles from "./Book.module.css";

interface Props {
  keeper: Shapes["VoterBody"];
  /** What the node has heard of it. */
  attends: Shapes["HeardBody"] | undefined;
  votes: boolean;
}

/** Whether a validator is there, which no block holds. */
function Attends({ of }: { of: Shapes["HeardBody"] | undefined }) {
  const now_s = useNow(10);
  const last = of?.last_vote;
  const time = last == null ? "" : distance(now_s - seconds(last.time));
  return (
    <According line>
      {of?.away === true ? (
        <strong className={styles.wrong}>
          <Trans>away</Trans>
        </strong>
      ) : last == null ? (
        <Trans>not heard from yet</Trans>
      ) : (
        <Trans>last heard {time} ago</Trans>
      )}
    </According>
  );
}

function Keeper({ keeper, attends, votes }: Props) {
  return (
    <Person
      who={keeper.validator}
      says={
        keeper.cheated.length > 0 ? (
          <strong className={styles.wrong}>
            <Trans>cheated</Trans>
          </strong>
        ) : (
          <Attends of={attends} />
        )
      }
    >
      {votes && (
        <span className={styles.soft}>
          <Plural value={keeper.weight} one="# vote" other="# votes" />
        </span>
      )}
    </Person>
  );
}

/** Who confirms blocks, who of them is there, and how many it takes. */
export function Keepers() {
  const keepers = useValidators();
  const attendance = useAttendance();
  const drawn = useSoon(keepers.data !== undefined);
  if (keepers.isError || keepers.data === undefined || !drawn) return <Unread of={[keepers]} rows={1} height={76} />;
  const { validators } = keepers.data;
  if (validators.length === 0) {
    return (
      <p>
        <Trans>None: anyone can add blocks by work, and the chain with the most work counts.</Trans>
      </p>
    );
  }
  const all = validators.reduce((sum, keeper) => sum + keeper.weight, 0);
  const needed = neededOf(all);
  return (
    <>
      <Card>
        <ul>
          {validators.map((keeper) => (
            <Keeper
              key={keeper.key}
              keeper={keeper}
              attends={attendance.get(keeper.validator.account)}
              votes={validators.length > 1}
            />
          ))}
        </ul>
      </Card>
      <p className={styles.soft}>
        {validators.length === 1 ? (
          <Trans>
            Only one computer confirms blocks. It can’t change a tip, but it could leave one out or backdate it.
          </Trans>
        ) : (
          <Trans>
            A block needs {needed} of {all} votes. No validator can change or fake a tip.
          </Trans>
        )}
      </p>
    </>
  );
}
