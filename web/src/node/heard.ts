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

/** An answer has come. What was asked for again by its path alone keeps its names. */
export function hear(one: Heard): void {
  const schemaPath = heard.get(one.path)?.schemaPath ?? one.schemaPath;
  heard.delete(one.path);
  heard.set(one.path, { ...one, schemaPath });
  for (const [path] of heard) {
    if (heard.size <= MOST) return;
    heard.delete(path);
  }
}

/** No answer came. One that came before is still what is shown. */
export function miss(one: Heard): void {
  if (!heard.has(one.path)) hear({ ...one, text: "" });
}

/** The last answers of a path with names. */
export const heardOf = (schemaPath: string): Heard[] =>
  [...heard.values()].filter((one) => one.schemaPath === schemaPath);
