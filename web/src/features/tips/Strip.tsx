import { Plural, SelectOrdinal, Trans, useLingui } from "@lingui/react/macro";

import { Movement } from "../../design/Movement";
import { Disc } from "../../design/people";
import type { Player } from "../../keys/player";
import { useFixed } from "../../keys/useOpened";
import { useJoined, usePlayer, useStandings } from "../../node/queries";
import { Link } from "../../route";
import { gapsOf, type Gap } from "./gaps";
import styles from "./Strip.module.css";

/** In a larger pool nobody is told who is near: the whole table is too much to ask for here. */
const FEW = 200;

/** Who is near in the table. */
function Near({ gaps }: { gaps: Gap[] }) {
  const [first, next] = gaps;
  if (first === undefined) return null;
  const [name, by] = [first.name, Math.abs(first.by)];
  if (first.by < 0)
    return (
      <Trans>
        {by} ahead of {name}
      </Trans>
    );
  if (first.by === 0) return <Trans>Level with {name}</Trans>;
  if (next === undefined)
    return (
      <Trans>
        {by} behind {name}
      </Trans>
    );
  const [other, than] = [next.name, next.by];
  return (
    <Trans>
      {by} behind {name}, {than} behind {other}
    </Trans>
  );
}

interface Props {
  player: Player;
  /** How many play. */
  players: number;
  /** How many matches have a result that counts. */
  scored: number;
  /** How many matches can be tipped, and are. */
  open: number;
  tipped: number;
}

/** Where one stands oneself, and who is near. */
export function Strip({ player, players, scored, open, tipped }: Props) {
  const { i18n } = useLingui();
  const { starting_chips } = useFixed();
  const joined = useJoined(player.account);
  const { data } = usePlayer(joined === true ? player.account : undefined);
  const table = useStandings({}, scored > 0 && players <= FEW);
  const { place, points } = data?.standing ?? {};
  const before = table.data?.items.find((line) => line.player.account === player.account)?.before;
  const chips = i18n.number(data?.chips ?? 0);
  return (
    <Link to="/player/:name" params={{ name: data?.name ?? player.name }} className={styles.strip}>
      <Disc person={player} size={40} own />
      <span className={styles.grow}>
        <span className={styles.place}>
          {scored === 0 || place === undefined ? (
            <b>{data?.name ?? player.name}</b>
          ) : (
            <>
              <b>
                <Trans>
                  <SelectOrdinal value={place} one="#st" two="#nd" few="#rd" other="#th" /> of {players}
                </Trans>
              </b>
              {before != null && before !== place && <Movement by={before - place} />}
            </>
          )}
        </span>
        <span className={styles.soft}>
          {scored > 0 && <Near gaps={gapsOf(table.data?.items ?? [], player.account)} />}
          {scored === 0 && open > 0 && (
            <Trans>
              You tipped {tipped} of {open} open matches
            </Trans>
          )}
        </span>
      </span>
      <span className={styles.points}>
        {scored > 0 && points !== undefined && (
          <>
            <b>{points}</b>
            <span className={styles.soft}>
              <Plural value={points} one="point" other="points" />
            </span>
          </>
        )}
      </span>
      {data !== undefined && data.chips !== starting_chips && (
        <span className={styles.points}>
          <b>{chips}</b>
          <span className={styles.soft}>
            <Trans>chips</Trans>
          </span>
        </span>
      )}
    </Link>
  );
}
