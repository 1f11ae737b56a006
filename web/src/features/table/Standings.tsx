import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Fragment, type ReactNode } from "react";

import { Heading } from "../../design/Card";
import { Empty } from "../../design/Empty";
import { Long } from "../../design/Long";
import { Pile, personOf } from "../../design/people";
import { Unread } from "../../design/Unread";
import { useSoon } from "../../device/soon";
import { columnsOf, TableExtras } from "../../extras";
import type { Shapes } from "../../node/client";
import { useStandings, type Slice } from "../../node/queries";
import type { Won } from "../../sentences/fullTime";
import { LeadText } from "../../sentences/LeadText";
import { Form } from "./Form";
import { Legend } from "./Legend";
import { Pinned, useOutOfSight } from "./Pinned";
import { Crowns } from "./RoundWon";
import { anyMoves, Heads, Row, ROW_PX, type Standing } from "./Row";
import rows from "./Row.module.css";
import { Sliding } from "./Sliding";
import styles from "./Standings.module.css";
import desk from "./Table.module.css";
import { lastCounted, useForm } from "./useForm";
import { useSettling } from "./useSettling";

interface Props {
  slice: Slice;
  /** The number of the match that it counts from. */
  since: number | undefined;
  pool: string;
  own: string | undefined;
  matches: readonly Shapes["MatchBody"][];
  /** Rounds and their winners, where crowns are shown. */
  won: readonly Won[];
  /** What stands above the table, as soon as that is drawn. */
  above?: ReactNode;
}

/** Of what the pool has not the node's answer is not even asked for. */
export const NoSuch = ({ what }: { what: "match" | "round" }) => (
  <Empty title={what === "match" ? <Trans>No such match</Trans> : <Trans>No such round</Trans>}>
    <Trans>This pool has none with that name.</Trans>
  </Empty>
);

/** A change at the top since this device showed the table last. */
function Lead({ of, own }: { of: ReturnType<typeof useSettling>["lead"]; own: string | undefined }) {
  return (
    <div role="status">
      {of !== undefined && (
        <div className={styles.lead}>
          <Pile people={[...of.first, ...of.others].slice(0, 2).map(personOf)} size={32} most={2} />
          <strong>
            <LeadText lead={of} own={own} />
          </strong>
        </div>
      )}
    </div>
  );
}

/** What a desk has room for. */
function Numbers({ line, chips }: { line: Standing; chips: boolean }) {
  const { i18n } = useLingui();
  return [line.exact, line.missing, ...(chips ? [line.chips] : [])].map((number, at) => (
    <span key={at} role="cell" className={rows.number}>
      {i18n.number(number)}
    </span>
  ));
}

function NumberHeads({ chips }: { chips: boolean }) {
  const { t } = useLingui();
  return [t`Exact`, t`Missing`, ...(chips ? [t`Chips`] : [])].map((says) => (
    <span key={says} role="columnheader" className={rows.number}>
      {says}
    </span>
  ));
}

/** A table: of everything, of a round, or from a match on. One's own line stays in sight. */
export function Standings({ slice, since, pool, own, matches, won, above }: Props) {
  const { t } = useLingui();
  const table = useStandings(slice);
  const whole = slice.stage === undefined && since === undefined;
  const lines = table.data?.items;
  const settling = useSettling(pool, whole ? lines : undefined, own);
  const drawn = whole ? settling.drawn : lines;
  const mine = drawn?.findIndex((line) => line.player.account === own) ?? -1;
  const { see, away } = useOutOfSight(mine);
  const form = useForm(lastCounted(matches, slice.stage), lines?.length ?? Infinity);
  const soon = useSoon(lines !== undefined);

  if (table.isError || lines === undefined || drawn === undefined || !soon)
    return <Unread of={[table]} rows={8} height={ROW_PX} />;
  if (lines.length === 0) {
    return (
      <Empty title={<Trans>Nobody has joined yet</Trans>}>
        <Trans>Everyone who joins appears here right away.</Trans>
      </Empty>
    );
  }
  const moves = anyMoves(lines);
  const columns = whole && table.data !== undefined ? columnsOf(table.data) : [];
  const crowned = columns.some(({ isForCrowns }) => isForCrowns) ? [] : won;
  const chips = lines.some((line) => line.chips !== lines[0]?.chips);
  const crowns = (account: string): number =>
    crowned.filter(({ winners }) => winners.some(({ player }) => player.account === account)).length;
  const ownLine = drawn[mine];
  const row = (line: Standing, index: number) => (
    <Row
      line={line}
      index={index}
      mine={index === mine}
      moves={moves}
      badge={<Crowns rounds={crowns(line.player.account)} />}
    >
      {form !== undefined && (
        <span role="cell" className={styles.form}>
          <Form of={form?.(line.player.account)} />
        </span>
      )}
      <Numbers line={line} chips={chips} />
      {columns.map(({ name, Cell }) => (
        <span key={name} role="cell" className={rows.more}>
          <Cell line={line} />
        </span>
      ))}
    </Row>
  );
  return (
    <section aria-label={t`Table`}>
      {above}
      <Lead of={settling.lead} own={own} />
      {whole && table.data !== undefined && <TableExtras table={table.data} own={own} />}
      <Heading
        aside={
          <span className={desk.columns}>
            {form !== undefined && (
              <>
                <Trans>last five</Trans>
                {" · "}
              </>
            )}
            {columns.map(({ name, Name }) => (
              <Fragment key={name}>
                <Name inLine />
                {" · "}
              </Fragment>
            ))}
            <Trans>points</Trans>
          </span>
        }
      >
        {table.data?.scored === 0 ? (
          <Trans>No results yet</Trans>
        ) : (
          <Plural value={table.data?.scored ?? 0} one="After # match" other="After # matches" />
        )}
      </Heading>
      <div
        role="table"
        aria-label={t`Table`}
        aria-rowcount={lines.length + 1}
        className={rows.table}
        data-moves={moves || undefined}
      >
        <Heads moved={moves ? t`Places won or lost in the last round` : undefined}>
          {form !== undefined && (
            <span role="columnheader" className={styles.form}>
              <Trans>Last five</Trans>
            </span>
          )}
          <NumberHeads chips={chips} />
          {columns.map(({ name, Name }) => (
            <span key={name} role="columnheader" className={rows.more}>
              <Name />
            </span>
          ))}
        </Heads>
        <Long
          role="rowgroup"
          Held={Sliding}
          count={drawn.length}
          height={ROW_PX}
          keyOf={(index) => drawn[index]?.player.account ?? String(index)}
          onWindow={see}
          row={(index) => {
            const line = drawn[index];
            return line === undefined ? null : row(line, index);
          }}
        />
      </div>
      {away && ownLine !== undefined && <Pinned>{row(ownLine, mine)}</Pinned>}
      <Legend form={form !== undefined} crowns={crowned.length > 0} />
    </section>
  );
}
