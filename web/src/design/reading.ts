// A list of matches that is read while it is typed.

import { useEffect, useEffectEvent, useState } from "react";

import { isProblem } from "../node/client";

/** Matches as a text or where they are, and what they may not say themselves. */
export interface Source {
  text?: string;
  url?: string;
  zone?: string;
  dates?: "day-month" | "month-day";
}

/** A line of a text that cannot be used, counted from 1, and why, in the program's words. */
export interface Doubt {
  line: number;
  reason: string;
}

/** So long nobody types before a list is read. */
const PAUSE_MS = 350;

/** As the program tells of a line. */
const TOLD = /^line (\d+) of the file, ".*": (.*)$/;

/** The lines that an error is about. */
export function doubtsOf(error: unknown): Doubt[] {
  if (!isProblem(error) || error.line == null) return [];
  const told = error.detail.split("\n").flatMap((says) => {
    const [, line, reason = ""] = TOLD.exec(says) ?? [];
    return line === undefined ? [] : [{ line: Number(line), reason }];
  });
  return told.length > 0 ? told : [{ line: error.line, reason: error.detail }];
}

/** A text with another line in a line's place. */
export const withLine = (text: string, line: number, says: string): string =>
  text
    .split("\n")
    .map((was, at) => (at === line - 1 ? says : was))
    .join("\n");

interface Read<Found> {
  /** What was understood, without the doubtful lines. */
  found?: Found;
  doubts: Doubt[];
  /** Why nothing was understood. */
  error?: unknown;
}

/** So often a list is read again without the lines that were doubtful the time before. */
const MOST_TRIES = 5;

/** Reads what can be read of it, and says which lines cannot. */
async function readAll<Found>(
  source: Source,
  read: (source: Source) => Promise<Found>,
  doubts: Doubt[] = [],
  tries = MOST_TRIES,
): Promise<Read<Found>> {
  try {
    return { found: await read(source), doubts };
  } catch (error) {
    const more = doubtsOf(error).filter(({ line }) => doubts.every((known) => known.line !== line));
    if (more.length === 0 || tries === 0) return { doubts, error };
    const rest = more.reduce((text, { line }) => withLine(text, line, ""), source.text ?? "");
    const all = [...doubts, ...more].sort((one, other) => one.line - other.line);
    return readAll({ ...source, text: rest }, read, all, tries - 1);
  }
}

/**
 * What was last read of a list, and whether it is being read again. Nothing is read where there is none. `again`: with another
 * one the same is read again.
 */
export function useReading<Found>(
  source: Source | undefined,
  read: (source: Source) => Promise<Found>,
  heard: (error: unknown) => void,
  again: string,
): Read<Found> & { reading: boolean } {
  const key = source === undefined ? "" : JSON.stringify([source, again]);
  const [last, setLast] = useState<{ key: string; read: Read<Found> }>();
  const start = useEffectEvent(async (isLatest: () => boolean) => {
    if (source === undefined) return;
    const all = await readAll(source, read);
    if (!isLatest()) return;
    setLast({ key, read: all });
    heard(all.error);
  });
  useEffect(() => {
    if (key === "") return;
    let latest = true;
    const timer = setTimeout(() => void start(() => latest), PAUSE_MS);
    return () => {
      latest = false;
      clearTimeout(timer);
    };
  }, [key]);
  if (key === "" || last === undefined) return { doubts: [], reading: key !== "" };
  return { ...last.read, reading: last.key !== key };
}
