// What the node answered last, as it came: the check compares it byte for byte with what this device computes.

export interface Heard {
  /** With its query, as the node was asked. */
  path: string;
  /** The path with names of its parts: `/api/v1/matches/{code}`. */
  schemaPath: string;
  /** The answer; empty where none came. */
  text: string;
  /** The last block that it rests on; `undefined` where the node names none. */
  tip: string | undefined;
  /** What the node says of it, in unix seconds: when it was made. And up to which block it called blocks final. */
  now_s: number | undefined;
  final: number | undefined;
  /** When it was asked for, by this page's clock, and when it came, in unix seconds by the node's. */
  sent_ms: number;
  came_s: number;
}

/** As many answers are remembered; the oldest go. */
const MOST = 400;

/** By path. */
export const heard = new Map<string, Heard>();

/** What was asked for last, and not answered, by path. */
const missed = new Map<string, Heard>();

/** The last one is the newest. What was asked for again by its path alone keeps its names. */
function put(into: Map<string, Heard>, one: Heard): void {
  const named = one.schemaPath === one.path ? heard.get(one.path)?.schemaPath : undefined;
  into.delete(one.path);
  into.set(one.path, { ...one, schemaPath: named ?? one.schemaPath });
  for (const [path] of into) {
    if (into.size <= MOST) return;
    into.delete(path);
  }
}

/** An answer has come. */
export function hear(one: Heard): void {
  put(heard, one);
  missed.delete(one.path);
}

/** No answer came, or an empty one. One that came before is still what is shown. */
export const miss = (one: Heard): void => put(missed, { ...one, text: "" });

const of = (all: ReadonlyMap<string, Heard>, schemaPath: string): Heard[] =>
  [...all.values()].filter((one) => one.schemaPath === schemaPath);

/** The last answers of a path with names. */
export const heardOf = (schemaPath: string): Heard[] => of(heard, schemaPath);

/** What was asked for of such a path, and not answered since. */
export const missedOf = (schemaPath: string): Heard[] => of(missed, schemaPath);
