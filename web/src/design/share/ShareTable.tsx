import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";

import type { Shapes } from "../../node/client";
import { usePool } from "../../node/queries";
import { namesOf } from "../../words/Names";
import { personOf } from "../people";
import { ShareButton } from "./ShareButton";
import { TablePicture } from "./TablePicture";

type Line = Shapes["StandingBody"];

interface Props {
  table: Pick<Shapes["StandingsBody"], "items" | "scored">;
  own: string | undefined;
  /** What the round is called, where it is the table of one, and whether it is over. */
  round?: { name: string; over: boolean } | undefined;
}

/** As many lines are written beside the picture. */
const WRITTEN = 10;

/** Who is first. */
const firstOf = (lines: readonly Line[]): string =>
  namesOf(lines.filter(({ place }) => place === 1).map(({ player }) => player));

/** Shares a table, or that of a round, once it has results. */
export function ShareTable({ table, own, round }: Props) {
  const { t } = useLingui();
  const pool = usePool();
  const { items, scored } = table;
  const [stage, names] = [round?.name, firstOf(items)];
  if (scored === 0 || items.length === 0) return null;
  const after = plural(scored, { one: "After # match", other: "After # matches" });
  const over = round === undefined ? after : `${round.name} · ${after}`;
  const written = items
    .slice(0, WRITTEN)
    .map(({ place, player, points }) => `${place}. ${personOf(player).name} ${points}`);
  return (
    <ShareButton
      look="bare"
      name="bolao-table"
      text={`${pool.name} · ${over}: ${written.join(", ")}${items.length > WRITTEN ? " …" : ""}`}
      picture={() => (
        <TablePicture
          over={over}
          title={pool.name}
          own={own}
          foot={round && (round.over ? t`Winner of ${stage}: ${names}` : t`Leading ${stage}: ${names}`)}
          lines={items.map(({ place, player, points, before }) => ({
            place,
            points,
            person: personOf(player),
            moved: before == null ? 0 : before - place,
          }))}
        />
      )}
    />
  );
}
