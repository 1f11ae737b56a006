import { Fragment } from "react";

import type { Shapes } from "../node/client";
import { Link } from "../route";
import { locale } from "./languages";

/** "Family, Office and Club". */
export const listOf = (names: readonly string[]): string => new Intl.ListFormat(locale()).format(names);

/** "Ana, Bruno and Carla", as text; whoever is in no block yet by the beginning of the account. */
export const namesOf = (players: readonly Shapes["PlayerRef"][]): string =>
  listOf(players.map(({ name, account }) => name ?? `${account.slice(0, 14)}…`));

/** "Ana, Bruno and Carla", each a way to their page. `more`: what ends the list, such as "2 others". */
export function Names({ players, more }: { players: readonly Shapes["PlayerRef"][]; more?: string }) {
  const names = players.map((player) => player.name ?? player.account);
  let index = 0;
  return new Intl.ListFormat(locale()).formatToParts(more === undefined ? names : [...names, more]).map((part, at) => {
    if (part.type === "literal" || index === names.length) return <Fragment key={at}>{part.value}</Fragment>;
    index += 1;
    return (
      <Link key={at} to="/player/:name" params={{ name: names[index - 1] ?? part.value }}>
        {part.value}
      </Link>
    );
  });
}
