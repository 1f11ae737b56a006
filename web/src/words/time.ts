// Dates and spans as people say them, in the reader's language and zone.

import { plural, t } from "@lingui/core/macro";

import { locale } from "./languages";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale() + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale(), options);
  formats.set(key, known);
  return known;
}

/** The first format takes a phone 60 ms, whichever it is: in a task of its own nobody waits for it. */
export function beginToTell(): void {
  clockTime(0);
}

/** Unix seconds of a text of the API's. */
export const seconds = (moment: string): number => Date.parse(moment) / 1000;

const date = (at_s: number): Date => new Date(at_s * 1000);

/** "20:45", "8:45 PM"; never apart at the end of a line. */
export const clockTime = (at_s: number): string =>
  format({ timeStyle: "short" }).format(date(at_s)).replace(/\s/g, "\u00a0");

/** As many signs as the longest `clockTime` has. */
export const clockWidth = (): number => clockTime(new Date(2000, 0, 1, 22, 0).getTime() / 1000).length;

/** To the second, with the day and the zone. */
export const exactTime = (at_s: number): string =>
  format({
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  }).format(date(at_s));

const midnight = (at_s: number): number => {
  const day = date(at_s);
  return Date.UTC(day.getFullYear(), day.getMonth(), day.getDate()) / 86_400_000;
};

/** Days from one moment's day to another's, in the reader's zone. */
export const daysBetween = (from_s: number, to_s: number): number => midnight(to_s) - midnight(from_s);

/** What tells days apart, in the reader's zone. */
export const dayKey = (at_s: number): string => String(midnight(at_s));

/** "Today", "Tomorrow", "Yesterday", or "Saturday 5 June", as a heading: it begins with a capital. */
export function dayName(at_s: number, now_s: number): string {
  const days = daysBetween(now_s, at_s);
  if (days === 0) return t`Today`;
  if (days === 1) return t`Tomorrow`;
  if (days === -1) return t`Yesterday`;
  const year = date(at_s).getFullYear() === date(now_s).getFullYear() ? {} : { year: "numeric" as const };
  const day = format({ weekday: "long", day: "numeric", month: "long", ...year }).format(date(at_s));
  return day.charAt(0).toLocaleUpperCase(locale()) + day.slice(1);
}

/** "tomorrow", "Thursday", "24 June": as it stands in a sentence, behind "until". */
export function dayInText(at_s: number, now_s: number): string {
  const days = daysBetween(now_s, at_s);
  if (days === 0) return t`today`;
  if (days === 1) return t`tomorrow`;
  const near = days > 1 && days < 7;
  return format(near ? { weekday: "long" } : { day: "numeric", month: "long" }).format(date(at_s));
}

/** "20 – 23 Jun", in the reader's zone. */
export const daySpan = (first_s: number, last_s: number): string =>
  format({ day: "numeric", month: "short" }).formatRange(date(first_s), date(last_s));

/** The day in the reader's zone, as calendars and the API write it: "2030-06-05". */
export const civilDay = (at_s: number): string => new Date(midnight(at_s) * 86_400_000).toISOString().slice(0, 10);

const two = (number: number): string => String(number).padStart(2, "0");

/** A moment in the reader's own zone, as a field of type `datetime-local` has it. */
export function localText(at_s: number): string {
  const at = date(at_s);
  return `${civilDay(at_s)}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Unix seconds of such a text; `null` where it is empty or no moment. */
export function localSeconds(text: string): number | null {
  const at_ms = text === "" ? NaN : new Date(text).getTime();
  return Number.isNaN(at_ms) ? null : Math.floor(at_ms / 1000);
}

/** "22 Aug 2026 – 30 May 2027", from a day of the calendar to another; "August 2026 – May 2027" where only the months are right. */
export function fromTo(first: string, last: string, exact = true): string {
  const day = exact ? { day: "numeric" as const, month: "short" as const } : { month: "long" as const };
  return format({ ...day, year: "numeric", timeZone: "UTC" }).formatRange(Date.parse(first), Date.parse(last));
}

/** "Sat 5 Jun, 20:45", also of today: for what is read later. */
export function dated(at_s: number, withYear = false): string {
  const year = withYear ? { year: "numeric" as const } : {};
  const day = format({ weekday: "short", day: "numeric", month: "short", ...year }).format(date(at_s));
  return `${day}, ${clockTime(at_s)}`;
}

/** "today 20:45", "Sat 5 Jun, 20:45": as it stands in a sentence. */
export function moment(at_s: number, now_s: number): string {
  const time = clockTime(at_s);
  const days = daysBetween(now_s, at_s);
  if (days === 0) return t`today ${time}`;
  if (days === 1) return t`tomorrow ${time}`;
  if (days === -1) return t`yesterday ${time}`;
  return dated(at_s, Math.abs(days) >= 300);
}

/** A number stays with its unit, and a span on its line. */
const spanOf = (seconds_: number, inDays: (days: number) => string): string =>
  brokenSpan(seconds_, inDays).replace(/\s/g, "\u00a0");

function brokenSpan(seconds_: number, inDays: (days: number) => string): string {
  const all = Math.max(0, Math.floor(seconds_));
  const days = Math.floor(all / 86_400);
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor(all / 60);
  if (days >= 2) return inDays(days);
  if (hours >= 10) return t`${hours} h`;
  if (hours >= 1) {
    const rest = minutes % 60;
    return rest === 0 ? t`${hours} h` : t`${hours} h ${rest} min`;
  }
  if (minutes >= 5) return t`${minutes} min`;
  if (minutes >= 1) {
    const rest = all % 60;
    return rest === 0 ? t`${minutes} min` : t`${minutes} min ${rest} s`;
  }
  return t`${all} s`;
}

/** "3 h 12 min", "12 min", "14 s", "5 days". */
export const span = (seconds_: number): string =>
  spanOf(seconds_, (days) => plural(days, { one: "# day", other: "# days" }));

/** The same behind "in" and before "ago", where other languages decline the days. */
export const distance = (seconds_: number): string =>
  spanOf(seconds_, (days) => t({ context: "in # days", message: plural(days, { one: "# day", other: "# days" }) }));

const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** Nothing rounded off, every unit written out: "1 day, 30 minutes". */
export function exactSpan(seconds_: number): string {
  let left = Math.max(0, Math.floor(seconds_));
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const number = Math.floor(left / length);
    left %= length;
    if (number === 0 && (unit !== "second" || parts.length > 0)) continue;
    parts.push(new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "long" }).format(number));
  }
  return new Intl.ListFormat(locale(), { type: "unit" }).format(parts);
}

/** Whether this browser knows a time zone. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat(undefined, { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Every time zone that this browser knows by a name. */
export const zones = (): string[] => Intl.supportedValuesOf("timeZone");

const plain = (name: string): string =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z/]+/g, "_");

/** So many zones are proposed. */
const NEAR = 3;

/** The zones that somebody may mean who typed a city, or its beginning. */
export function zonesLike(typed: string): string[] {
  const wanted = plain(typed.trim());
  if (wanted.length < 3) return [];
  const city = (zone: string): string => plain(zone).replace(/^.*\//, "");
  const begins = zones().filter((zone) => city(zone).startsWith(wanted));
  const holds = zones().filter((zone) => plain(zone).includes(wanted) && !begins.includes(zone));
  return [...begins, ...holds].slice(0, NEAR);
}
