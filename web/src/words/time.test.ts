import { afterAll, describe, expect, it, vi } from "vitest";

import { speak } from "./languages";
import {
  civilDay,
  clockTime,
  clockWidth,
  dayName,
  daysBetween,
  distance,
  exactSpan,
  fromTo,
  localSeconds,
  localText,
  isZone,
  moment,
  span,
} from "./time";

const at = (text: string): number => Date.parse(text) / 1000;

/** Never apart at the end of a line. */
const whole = (says: string): string => says.replaceAll(" ", "\u00a0");

describe("spans", () => {
  it.each([
    [-5, "0 s"],
    [14, "14 s"],
    [60, "1 min"],
    [75, "1 min 15 s"],
    [720, "12 min"],
    [11_520, "3 h 12 min"],
    [10_800, "3 h"],
    [86_400, "24 h"],
    [200_000, "2 days"],
  ])("%d s is %s", (seconds, says) => expect(span(seconds)).toBe(whole(says)));
});

describe("exact spans", () => {
  it.each([
    [0, "0 seconds"],
    [1, "1 second"],
    [3_600, "1 hour"],
    [172_800, "2 days"],
    [90_061, "1 day, 1 hour, 1 minute, 1 second"],
  ])("%d s is %s", (seconds, says) => expect(exactSpan(seconds)).toBe(says));
});

describe("the clock", () => {
  const languages = vi.spyOn(navigator, "languages", "get");
  afterAll(() => languages.mockRestore());

  it.each([
    ["en-US", "8:05\u00a0AM", 8],
    ["en-GB", "08:05", 5],
  ])("in %s says %s, in one piece", (region, says, width) => {
    languages.mockReturnValue([region]);
    expect(clockTime(new Date(2030, 5, 1, 8, 5).getTime() / 1000)).toBe(says);
    expect(clockWidth()).toBe(width);
  });
});

describe("in German", () => {
  afterAll(() => speak("en"));

  it("days are declined behind “in” and “vor”", async () => {
    await speak("de");
    expect(span(5 * 86_400)).toBe(whole("5 Tage"));
    expect(distance(5 * 86_400)).toBe(whole("5 Tagen"));
    expect(distance(720)).toBe(whole("12 Min."));
  });
});

describe("days", () => {
  it("are the calendar's, not spans of 24 hours", () => {
    const [late, early] = [new Date(2026, 5, 5, 23, 50).getTime() / 1000, new Date(2026, 5, 6, 0, 10).getTime() / 1000];
    expect(daysBetween(late, early)).toBe(1);
    expect(dayName(early, late)).toBe("Tomorrow");
    expect(dayName(late, early)).toBe("Yesterday");
    expect(dayName(late, late)).toBe("Today");
  });

  it("have their names further off, with the year where it is another one", () => {
    expect(dayName(at("2026-06-05T12:00:00Z"), at("2026-06-01T12:00:00Z"))).toMatch(/5 June$|June 5$/);
    expect(dayName(at("2027-06-05T12:00:00Z"), at("2026-06-01T12:00:00Z"))).toContain("2027");
  });

  it("begin with a capital as headings do", async () => {
    await speak("pt");
    expect(dayName(at("2026-06-05T12:00:00Z"), at("2026-06-01T12:00:00Z"))).toMatch(/^Sexta-feira/);
    await speak("en");
  });

  it("stand in a sentence", () => {
    expect(moment(at("2026-06-05T12:00:00Z"), at("2026-06-05T09:00:00Z"))).toMatch(/^today /);
  });
});

describe("days of the calendar", () => {
  it.each([
    ["2026-08-22", "2027-05-30", true, "22 Aug 2026 – 30 May 2027"],
    ["2028-06-09", "2028-07-09", true, "9 Jun – 9 Jul 2028"],
    ["2026-08-01", "2027-05-31", false, "August 2026 – May 2027"],
    ["2026-08-22", "2026-08-22", true, "22 Aug 2026"],
  ])("from %s to %s", async (first, last, exact, says) => {
    await speak("en");
    vi.spyOn(navigator, "languages", "get").mockReturnValue(["en-GB"]);
    expect(fromTo(first, last, exact).replaceAll(/\s/g, " ")).toBe(says);
  });

  it("are the reader's", () => expect(civilDay(new Date(2030, 5, 1, 0, 5).getTime() / 1000)).toBe("2030-06-01"));
});

it("knows a time zone from a slip of the pen", () => {
  expect(isZone("Europe/Lisbon")).toBe(true);
  expect(isZone("UTC")).toBe(true);
  expect(isZone("Europe/Lisbn")).toBe(false);
});

it("comes back from a field for local time as it went", () => {
  const at_s = Date.UTC(2026, 5, 5, 18, 45) / 1000;
  expect(localSeconds(localText(at_s))).toBe(at_s);
  expect(localSeconds("")).toBeNull();
  expect(localSeconds("soon")).toBeNull();
});
