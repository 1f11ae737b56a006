import { Trans } from "@lingui/react/macro";

import { useSentSoFar } from "../../identity/sending/follow";
import { usePlayerHere } from "../../keys/player";
import { isOver, type Sent } from "../../keys/sent";
import type { PastProps } from "../extra";
import { usePlayerFeature } from "../playerFeature";
import styles from "./Joker.module.css";
import { movesIn } from "./jokers";

/** What the last act about a match wanted there, if that came to nothing. */
function failedOn(sent: readonly Sent[], no: number): { to: "on" | "off"; fate: Sent["fate"] } | undefined {
  const names = (of: readonly { no: number }[] | undefined): boolean => of?.some((one) => one.no === no) === true;
  const all = sent.flatMap(({ act, fate, void: late }) => {
    const [moves] = act === undefined ? [] : movesIn([act]);
    const to = names(moves?.on) ? ("on" as const) : ("off" as const);
    return names(moves?.on) || names(moves?.off)
      ? [{ to, fate, over: isOver(fate) && late?.includes(no) !== false }]
      : [];
  });
  const last = all.at(-1);
  return last?.over === true ? last : undefined;
}

function Says({ to, fate }: { to: "on" | "off"; fate: Sent["fate"] }) {
  if (fate !== "late") return <Trans>This change of your joker never got into a block, so it doesn’t count.</Trans>;
  return to === "on" ? (
    <Trans>Your joker came too late: it isn’t on this match.</Trans>
  ) : (
    <Trans>Your change came too late: the joker stays on this match.</Trans>
  );
}

function Failed({ pool, match, to, fate }: PastProps & { to: "on" | "off"; fate: Sent["fate"] }) {
  const booked = usePlayerFeature(pool, "jokers")?.own.on;
  // What was wanted has come about since.
  if (booked === undefined || booked.some(({ no }) => no === match.no) === (to === "on")) return null;
  return (
    <p className={styles.late} role="status">
      <Says to={to} fate={fate} />
    </p>
  );
}

/** That a joker which was sent did not get there, or not away. */
export function TooLate({ pool, match }: PastProps) {
  const failed = failedOn(useSentSoFar(pool, usePlayerHere(pool)?.account), match.no);
  return failed && <Failed pool={pool} match={match} {...failed} />;
}
