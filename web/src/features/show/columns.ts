import { personOf, type Person } from "../../design/people";
import type { Shapes } from "../../node/client";
import { type Side, SIDES, sideOf } from "../../node/tips";

type Bet = Shapes["BetBody"];

/** Somebody's tip, as it lies on the stage. */
export interface Tipped extends Person {
  score: { home: number; away: number };
}

/** Who believes in what. */
export interface Columns extends Record<Side, Tipped[]> {
  /** Whose tips nobody can read yet. */
  shut: Person[];
}

/** Everybody who tipped, in the order of their names, this device's player last: a seat says nothing about a tip. */
export function seated(bets: readonly Bet[], own: string | undefined): Person[] {
  const people = bets.map(({ player }) => personOf(player)).sort((a, b) => a.name.localeCompare(b.name));
  return [...people.filter(({ account }) => account !== own), ...people.filter(({ account }) => account === own)];
}

const GOALS = 100;

/** The tips by who is to win: this device's player's first, then by scores. One that nobody opened in time is none. */
export function columnsOf(bets: readonly Bet[], own: string | undefined): Columns {
  const columns: Columns = { home: [], draw: [], away: [], shut: [] };
  for (const bet of bets) {
    if (bet.score != null) columns[sideOf(bet.score)].push({ ...personOf(bet.player), score: bet.score });
    else if (bet.missed !== true) columns.shut.push(personOf(bet.player));
  }
  const rank = ({ account, score: { home, away } }: Tipped): number =>
    account === own ? -1 : Math.max(home, away) * GOALS + Math.min(home, away);
  for (const side of SIDES) columns[side].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  return columns;
}

/** More friends than this are not all shown, but those near the player in the table. */
export const MOST = 24;
const NEAR = 12;

/** Whose discs are shown, of so many: everybody's, or those of the table's lines around the player's own. */
export function shownOf(
  people: readonly Person[],
  table: readonly string[],
  own: string | undefined,
): ReadonlySet<string> {
  const accounts = people.map(({ account }) => account);
  if (accounts.length <= MOST) return new Set(accounts);
  const place = new Map(table.map((account, at) => [account, at]));
  const mine = place.get(own ?? "") ?? 0;
  const far = (account: string): number => Math.abs((place.get(account) ?? Infinity) - mine);
  return new Set([...accounts].sort((a, b) => far(a) - far(b)).slice(0, NEAR));
}
