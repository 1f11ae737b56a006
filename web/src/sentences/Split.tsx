import { Plural, Trans } from "@lingui/react/macro";
import type { CSSProperties } from "react";

import { FoldIcon } from "../design/icons";
import { Pile, personOf } from "../design/people";
import { useColours, teamName } from "../design/teams";
import type { Shapes } from "../node/client";
import { lean } from "../node/tips";
import styles from "./Split.module.css";

interface Props {
  match: Shapes["MatchBody"];
  bets: readonly Shapes["BetBody"][];
  players: number;
}

/** The tips in one look: who the friends think will win; who has tipped, while nobody can know that. */
export function Split({ match, bets, players }: Props) {
  const { home, draw, away, sealed } = lean(bets);
  const [first, second] = useColours(match.home, match.away);
  const all = home + draw + away;
  const tipped = bets.length;
  if (all === 0)
    return (
      <p className={styles.hidden}>
        {tipped > 0 && <Pile people={bets.map(({ player }) => personOf(player))} size={32} most={6} />}
        <span>
          <Plural value={tipped} one={`# of ${players} has tipped`} other={`# of ${players} have tipped`} />
          {sealed > 0 && (
            <small>
              <FoldIcon size={14} />{" "}
              {match.status === "scheduled" ? <Trans>Hidden until kick-off</Trans> : <Trans>Being revealed …</Trans>}
            </small>
          )}
        </span>
      </p>
    );
  const parts = [
    { key: "home", count: home, colour: first, says: teamName(match.home) },
    { key: "draw", count: draw, colour: "var(--draw)", says: <Trans>draw</Trans> },
    { key: "away", count: away, colour: second, says: teamName(match.away) },
  ].filter(({ count }) => count > 0);
  return (
    <div className={styles.split}>
      <div className={styles.bar} aria-hidden="true">
        {parts.map(({ key, count, colour }) => (
          <span key={key} style={{ "--count": count, "--part": colour } as CSSProperties} />
        ))}
      </div>
      <ul className={styles.parts}>
        {parts.map(({ key, count, says }) => (
          <li key={key} data-side={key} style={{ "--count": count } as CSSProperties}>
            {count} {says}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The same in words: "5 Czechia · 2 draw · 2 South Africa". */
export function SplitText({ match, bets }: { match: Shapes["MatchBody"]; bets: readonly Shapes["BetBody"][] }) {
  const { home, draw, away } = lean(bets);
  const tips = match.bets - match.unopened;
  if (home + draw + away === 0) return <Plural value={tips} one="# tip revealed" other="# tips revealed" />;
  const [first, second] = [teamName(match.home), teamName(match.away)];
  return (
    <Trans>
      {home} {first} · {draw} draw · {away} {second}
    </Trans>
  );
}
