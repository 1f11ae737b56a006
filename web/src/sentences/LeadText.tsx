import { plural, selectOrdinal, t } from "@lingui/core/macro";

import type { Shapes } from "../node/client";
import { locale } from "../words/languages";
import type { Lead } from "./lead";

type Player = Shapes["PlayerRef"];

/** More are not all named. */
const MOST = 3;

/** "Ana, Bruno and 4 others". `you`: how this device's player is called among them, first. */
function list(players: readonly Player[], own: string | undefined, you: string): string {
  const named = players.map(({ name, account }) => (account === own ? you : (name ?? account)));
  const names = [...named.filter((name) => name === you), ...named.filter((name) => name !== you)];
  const some = names.length > MOST ? names.slice(0, MOST - 1) : names;
  const others = names.length - some.length;
  const more = others === 0 ? [] : [plural(others, { one: "# other", other: "# others" })];
  return new Intl.ListFormat(locale()).format([...some, ...more]);
}

/** Who leads now, as a sentence. `own`: the account of this device's player. */
export function LeadText({ lead: { is, first, others, place }, own }: { lead: Lead; own: string | undefined }) {
  const mine = first.some(({ account }) => account === own);
  const rest = first.filter(({ account }) => account !== own);
  const friends = list(rest, own, "");
  const who = list(first, own, "");
  const n = first.length;
  const whom = list(others, own, t({ context: "overtaken", message: "you" }));
  const beside = list(others, own, t({ context: "beside", message: "you" }));
  if (is === "overtake") {
    if (!mine) return plural(n, { one: `${who} overtakes ${whom}.`, other: `${who} overtake ${whom}.` });
    return n === 1 ? t`You overtake ${whom}.` : t`You and ${friends} overtake ${whom}.`;
  }
  if (is === "level") {
    if (!mine)
      return plural(n, { one: `${who} draws level with ${beside}.`, other: `${who} draw level with ${beside}.` });
    return n === 1 ? t`You draw level with ${beside}.` : t`You and ${friends} draw level with ${beside}.`;
  }
  if (is === "ahead") {
    if (!mine) return plural(n, { one: `${who} pulls ahead of ${beside}.`, other: `${who} pull ahead of ${beside}.` });
    return n === 1 ? t`You pull ahead of ${beside}.` : t`You and ${friends} pull ahead of ${beside}.`;
  }
  if (is === "pass") {
    const at = selectOrdinal(place, { one: "#st", two: "#nd", few: "#rd", other: "#th" });
    return mine ? t`You pass ${beside} for ${at}.` : t`${who} passes ${beside} for ${at}.`;
  }
  if (!mine) return plural(n, { one: `${who} stays first.`, other: `${who} stay first.` });
  return n === 1 ? t`You stay first.` : t`You and ${friends} stay first.`;
}
