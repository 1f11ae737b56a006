import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button as Pressable } from "react-aria-components/Button";

import { Failure } from "../../design/Failure";
import { ChevronIcon } from "../../design/icons";
import silent from "../../design/Silent.module.css";
import { Skeleton } from "../../design/Skeleton";
import { TextField } from "../../design/TextField";
import { useNow } from "../../node/clock";
import { civilDay, fromTo } from "../../words/time";
import styles from "./Competitions.module.css";
import { found, proposed } from "./find";
import { competitions, matchesOf, type Begun, type Competition, type Preview } from "./first";

/** A competition that a tap reads; why it could not be read stands with it. */
function Row({ of, reading, error, read }: { of: Competition; reading: boolean; error: unknown; read: () => void }) {
  const { name, begins, ends, days_are_known } = of;
  return (
    <li>
      <Pressable className={styles.row ?? ""} onPress={read}>
        <span className={styles.says}>
          <strong>{name}</strong>
          <span className={styles.soft}>
            {reading ? <Trans>Reading the matches …</Trans> : fromTo(begins, ends, days_are_known)}
          </span>
        </span>
        {reading ? <span className={styles.turning} /> : <ChevronIcon size={20} />}
      </Pressable>
      {error !== null && (
        <div className={styles.why}>
          <Failure error={error} />
        </div>
      )}
    </li>
  );
}

interface Props {
  begun: Begun;
  /** What was typed to find one. */
  typed: string;
  type: (typed: string) => void;
  take: (preview: Preview) => void;
  /** Somebody has a list of their own. */
  other: () => void;
}

/** The competitions whose matches are known: a few at first, all for whoever types. */
export function Competitions({ begun, typed, type, take, other }: Props) {
  const { t } = useLingui();
  const today = civilDay(useNow(3600));
  const known = useQuery({ queryKey: ["start", "competitions"], queryFn: () => competitions(begun), retry: false });
  // Of two taps the later one counts.
  const reading = useMutation({ mutationFn: (of: Competition) => matchesOf(begun, of) });
  const tapped = reading.variables?.code;
  const all = known.data ?? [];
  const seeks = typed.trim() !== "";
  const shown = seeks ? found(all, typed.trim()) : proposed(all, today);
  const rest = all.length - shown.length;
  return (
    <>
      <TextField
        label={t`Which competition?`}
        placeholder={t`Premier League, Spain, Euro …`}
        type="search"
        autoComplete="off"
        spellCheck="false"
        value={typed}
        onChange={type}
      />
      <p role="status" className={seeks && shown.length === 0 ? styles.soft : silent.silent}>
        {reading.isPending ? (
          <Trans>Reading the matches …</Trans>
        ) : (
          seeks &&
          known.isSuccess && <Plural value={shown.length} one="# competition found" other="# competitions found" />
        )}
      </p>
      {known.isPending && <Skeleton rows={4} height={64} />}
      {known.error !== null && <Failure error={known.error} again={() => void known.refetch()} />}
      <ul className={styles.list} aria-label={t`Competitions`}>
        {shown.map((of) => (
          <Row
            key={of.code}
            of={of}
            reading={reading.isPending && of.code === tapped}
            error={of.code === tapped ? reading.error : null}
            read={() => reading.mutate(of, { onSuccess: take })}
          />
        ))}
        <li>
          <Pressable className={styles.row ?? ""} onPress={other}>
            <span className={styles.says}>
              <strong>
                <Trans>Other: paste or upload a list</Trans>
              </strong>
            </span>
            <ChevronIcon size={20} />
          </Pressable>
        </li>
      </ul>
      {!seeks && rest > 0 && (
        <p className={styles.soft}>
          <Trans>Type to find {rest} more.</Trans>
        </p>
      )}
    </>
  );
}
