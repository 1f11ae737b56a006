import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import type { Shapes } from "../../node/client";
import { usePool } from "../../node/queries";
import { namesOf } from "../../words/Names";
import { Disc, type Person, personOf } from "../people";
import styles from "./Share.module.css";
import { ShareButton } from "./ShareButton";
import { TablePicture } from "./TablePicture";

type Line = Shapes["StandingBody"];

interface Props {
  table: Pick<Shapes["StandingsBody"], "items" | "scored">;
  own: string | undefined;
  /** What the round is called, where it is the table of one. */
  round?: string | undefined;
  /** Who won it, or of all the round that ended last; as a sentence. */
  won?: { winners: readonly Shapes["PlayerRef"][]; says: ReactNode } | undefined;
}

/** As many lines are written beside the picture. */
const WRITTEN = 10;

/** Who is first. */
const firstOf = (lines: readonly Line[]): string =>
  namesOf(lines.filter(({ place }) => place === 1).map(({ player }) => player));

/** As many winners have a disc beside the sentence. */
const DISCS = 3;

const Won = ({ people, children }: { people: readonly Person[]; children: ReactNode }) => (
  <span className={styles.won}>
    {people.slice(0, DISCS).map((person) => (
      <Disc key={person.account} person={person} size={24} />
    ))}
    <span>{children}</span>
  </span>
);

/** Shares a table, or that of a round, once it has results. */
export function ShareTable({ table, own, round, won }: Props) {
  const { t } = useLingui();
  const pool = usePool();
  const { items, scored } = table;
  const names = firstOf(items);
  if (scored === 0 || items.length === 0) return null;
  const after = plural(scored, { one: "After # match", other: "After # matches" });
  const over = round === undefined ? after : `${round} · ${after}`;
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
          foot={
            won === undefined ? (
              round && t`Leading ${round}: ${names}`
            ) : (
              <Won people={won.winners.map(personOf)}>{won.says}</Won>
            )
          }
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
