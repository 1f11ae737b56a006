import type { ChoiceProps, Column, Extra, Features, OnLive, OnPeople } from "./extra";
import type { PastProps, TableProps, TipProps, WrittenProps } from "./extra";
import { FEE } from "./fee";
import { JOKER } from "./joker";
import type { Shapes } from "../node/client";
import { useChosen } from "./playerFeature";
import { ROUNDS } from "./rounds";
import { THROUGH } from "./through";

const EXTRAS: readonly Extra[] = [JOKER, THROUGH, ROUNDS, FEE];

/** Those that a pool has chosen, for whoever plays here. */
function useExtras(pool: string): readonly Extra[] {
  const chosen = useChosen(pool);
  return EXTRAS.filter(({ name }) => chosen?.[name] != null);
}

/** What else there is to choose on a match on which one may tip. */
export const TipExtras = (props: TipProps) =>
  useExtras(props.pool).map(({ name, Tip }) => Tip && <Tip key={name} {...props} />);

/** What else a tip on a match may say than goals. */
export const WrittenExtras = (props: WrittenProps) =>
  useExtras(props.pool).map(({ name, Written }) => Written && <Written key={name} {...props} />);

/** What else there is to know of a match that takes no more tips. */
export const PastExtras = (props: PastProps) =>
  useExtras(props.pool).map(({ name, Past }) => Past && <Past key={name} {...props} />);

/** Tells of a match whether its result is to say who advances. */
export function useAsksWhoAdvances(pool: string): (match: Shapes["MatchBody"]) => boolean {
  const chosen = useChosen(pool);
  const asking = EXTRAS.filter(({ name }) => chosen?.[name] != null);
  return (match) => asking.some(({ name, asksWhoAdvances }) => asksWhoAdvances?.(chosen?.[name], match) === true);
}

/** What else the whole pool's table has of each player. */
export const columnsOf = (table: TableProps["table"]): (Column & { name: string })[] =>
  EXTRAS.flatMap(({ name, column }) => (column?.isIn(table) === true ? [{ name, ...column }] : []));

/** What else there is to know of the whole pool's table. */
export const TableExtras = (props: TableProps) =>
  EXTRAS.map(({ name, OverTable }) => OverTable && <OverTable key={name} {...props} />);

/** What else there is to know below it, or before there are results, below who has tipped. */
export const UnderTableExtras = (props: TableProps) =>
  EXTRAS.map(({ name, UnderTable }) => UnderTable && <UnderTable key={name} {...props} />);

/** What else organisers see of the players. */
export const useOnPeople = (pool: string): (OnPeople & { name: string })[] =>
  useExtras(pool).flatMap(({ name, onPeople }) => (onPeople === undefined ? [] : [{ name, ...onPeople }]));

/** What else Live has of the round that became final last, by its table. */
export const liveCardsOf = (table: TableProps["table"]): (OnLive & { name: string })[] =>
  EXTRAS.flatMap(({ name, onLive }) => (onLive?.isIn(table) === true ? [{ name, ...onLive }] : []));

interface ChoiceExtrasProps extends ChoiceProps {
  /** The names of those that are settled by something else. */
  settled?: readonly string[] | undefined;
}

/** What else a new pool may play by. */
export const ChoiceExtras = ({ settled = [], ...props }: ChoiceExtrasProps) =>
  EXTRAS.map(({ name, Choice }) => Choice && !settled.includes(name) && <Choice key={name} {...props} />);

/** Whether something is missing or wrong in what a new pool has chosen of these. */
export const isIncomplete = (features: Features = {}): boolean =>
  EXTRAS.some((extra) => features[extra.name] !== undefined && extra.isIncomplete?.(features[extra.name]) === true);
