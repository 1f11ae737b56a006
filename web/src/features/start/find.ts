import type { Competition } from "../../node/competitions";

/** So many are proposed before somebody types. */
const FEW = 5;

/** What begins in a few days, then the best known of what is played on a day, then what comes next; nothing that is over. */
export function proposed(all: readonly Competition[], today: string): Competition[] {
  const ahead = all.filter(({ ends }) => today <= ends);
  const soon = ahead.filter((one) => isSoon(one, today));
  const played = ahead.filter((one) => one.begins <= today && !soon.includes(one));
  const next = ahead.filter((one) => !soon.includes(one) && !played.includes(one));
  return [...soon, ...played, ...next].slice(0, FEW);
}

const DAY_MS = 86_400_000;

/** Days from one of the calendar to another. */
export const daysUntil = (day: string, today: string): number => (Date.parse(day) - Date.parse(today)) / DAY_MS;

/** So many days ahead a competition is near. */
const NEAR_DAYS = 14;

/** Whether it begins in a few days. */
export const isSoon = ({ begins, days_are_known }: Competition, today: string): boolean =>
  days_are_known && begins >= today && daysUntil(begins, today) <= NEAR_DAYS;
