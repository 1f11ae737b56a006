import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../../../design/Button";
import { NO_GOALS, ScoreFields, scoreOf, type Goals } from "../../../design/ScoreFields";
import { teamName } from "../../../design/teams";
import { TextField } from "../../../design/TextField";
import { Refusal } from "../../../identity/sending/Refusal";
import { sayLive, type LiveWord } from "../../../keys/say";
import { useLiveScore } from "../../../node/live";
import { usePool } from "../../../node/queries";
import { LiveGoals, LiveMark } from "../../../sentences/LiveScore";
import styles from "../Organise.module.css";
import type { Match } from "../outcome";

/** Extra time and what is added to it end before. */
const MOST_MINUTES = 150;

const minutes = (text: string): string => {
  const digits = text.replace(/\D/g, "").slice(0, 3);
  return Number(digits) > MOST_MINUTES ? digits.slice(0, 2) : digits;
};

/** The score of a match while it is played, for everybody to see. It is signed for this node only, and is no result. */
export function LiveFields({ match, account }: { match: Match; account: string }) {
  const { t } = useLingui();
  const { id } = usePool();
  const live = useLiveScore(match);
  const [goals, setGoals] = useState<Goals>(live === undefined ? NO_GOALS : { home: live.home, away: live.away });
  const [minute, setMinute] = useState("");
  const saying = useMutation({
    mutationFn: (word: Omit<LiveWord, "code">) => sayLive(id, account, { code: match.code, ...word }),
  });
  const score = scoreOf(goals);
  const tell = (): void => {
    if (score !== undefined && !saying.isPending)
      saying.mutate({ score, minute: minute === "" ? null : Number(minute) });
  };
  return (
    <div
      role="group"
      aria-label={t`Live score`}
      className={styles.form}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
        // It stands within the form whose results this key would sign.
        event.preventDefault();
        tell();
      }}
    >
      <div className={styles.pair} data-scores>
        <div className={styles.field}>
          <span>
            <Trans>Live score</Trans>
          </span>
          <ScoreFields
            home={teamName(match.home)}
            away={teamName(match.away)}
            of={t`live`}
            value={goals}
            change={setGoals}
          />
        </div>
        <TextField
          label={t`Minute (optional)`}
          inputMode="numeric"
          autoComplete="off"
          value={minute}
          onChange={(text) => setMinute(minutes(text))}
        />
      </div>
      <p className={styles.soft}>
        <Trans>Everyone sees it as the live score. It’s not a result and gives no points.</Trans>
      </p>
      <div className={styles.doing}>
        <Button isDisabled={score === undefined || saying.isPending} onPress={tell}>
          <Trans>Show live score</Trans>
        </Button>
        {live !== undefined && (
          <Button
            look="quiet"
            isDisabled={saying.isPending}
            onPress={() => saying.mutate({ score: null, minute: null })}
          >
            <Trans>Remove live score</Trans>
          </Button>
        )}
        <span role="status">
          {live !== undefined && (
            <>
              <LiveGoals live={live} /> <LiveMark minute={live.minute} />
            </>
          )}
        </span>
      </div>
      <Refusal error={saying.error} />
    </div>
  );
}
