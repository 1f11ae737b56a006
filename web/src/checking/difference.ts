// The first difference between an answer of the node and the one that this device makes of the chain, in a sentence.

/** Where they differ. */
export interface Difference {
  /** The name of the field; or `left-out`, `unknown`, `order`; `answer` where it is about all of it. */
  what: string;
  /** Of whom and of which match, where it is about one. */
  player?: string;
  match?: string;
  /** What the node said, and what this device computed. */
  node: string;
  own: string;
  /** One English sentence. */
  sentence: string;
}

type Fields = Record<string, unknown>;

/** One that is not about a field. */
export const whole = (sentence: string): Difference => ({ what: "answer", node: "", own: "", sentence });

const isObject = (it: unknown): it is Fields => typeof it === "object" && it !== null && !Array.isArray(it);
const field = (it: unknown, name: string): unknown =>
  typeof it === "object" && it !== null && Object.hasOwn(it, name) ? (it as Fields)[name] : undefined;
const textOf = (it: unknown): string | undefined => (typeof it === "string" ? it : undefined);
const isScore = (it: unknown): it is Fields =>
  isObject(it) && Object.keys(it).length === 2 && typeof it.home === "number" && "away" in it;

const MOST_SIGNS = 80;

/** A value as a sentence has it. */
function shown(it: unknown): string {
  if (it === null || it === undefined) return "nothing";
  if (typeof it === "boolean") return it ? "yes" : "no";
  if (isScore(it)) return `${JSON.stringify(it.home)}–${JSON.stringify(it.away)}`;
  return (textOf(it) ?? JSON.stringify(it)).slice(0, MOST_SIGNS);
}

const WORDS: Record<string, string> = {
  exact: "the number of exact tips",
  differences: "the number of right differences",
  tendencies: "the number of right tendencies",
  missing: "the number of missing tips",
  tips: "the number of tips",
  bets: "the number of tips",
  players: "the number of players",
  scored: "the number of matches with a score",
  provisional: "the state of the result",
  after_90: "the score after 90 minutes",
  after_120: "the score after extra time",
  height: "the block",
  final_at: "the time when the result is final",
};

/** What a part of an answer is about. `place`: what all of it is about. */
function subjectOf(it: unknown, place: string): Pick<Difference, "player" | "match"> & { subject: string } {
  const person = field(it, "player") ?? field(it, "organiser");
  const player = textOf(field(person, "name")) ?? (textOf(field(it, "account")) && textOf(field(it, "name")));
  const match = textOf(field(field(it, "match"), "code")) ?? textOf(field(it, "code"));
  const stage = textOf(field(it, "stage"));
  const subject =
    player !== undefined && match !== undefined
      ? `${player}'s tip on ${match}`
      : (player ?? match ?? (stage === undefined ? place : `the round ${stage}`));
  return { ...(player !== undefined && { player }), ...(match !== undefined && { match }), subject };
}

/** By what a row is the same in both answers. */
function identity(row: unknown): string {
  const at = (...way: string[]): unknown => way.reduce<unknown>((it, name) => field(it, name), row) ?? null;
  // A line of a history has a place of its own, and may be about any match.
  if (at("seq") !== null) return JSON.stringify(at("seq"));
  if (at("id") !== null && at("block") !== null) return JSON.stringify(at("id"));
  return JSON.stringify([at("no"), at("match", "no"), at("player", "account"), at("account"), at("stage")]);
}

/** Why another row stands where one of the chain should. */
function elsewhere(own: unknown[], expected: unknown, node: unknown[], item: unknown, place: string): Difference {
  const of = (rows: unknown[], row: unknown): boolean => rows.some((it) => identity(it) === identity(row));
  if (item === undefined || (expected !== undefined && of(own, item) && !of(node, expected))) {
    const { subject, ...about } = subjectOf(expected, place);
    const sentence = `This computer leaves out ${subject}, which is in the chain.`;
    return { ...about, what: "left-out", node: "not there", own: subject, sentence };
  }
  const { subject, ...about } = subjectOf(item, place);
  if (of(own, item)) {
    const sentence = `This computer shows ${subject} in another place than the chain.`;
    return { ...about, what: "order", node: "elsewhere", own: "in its place", sentence };
  }
  const sentence = `This computer shows ${subject}, which is not in the chain.`;
  return { ...about, what: "unknown", node: subject, own: "not there", sentence };
}

function inRows(own: unknown[], node: unknown[], place: string): Difference | undefined {
  for (let at = 0; at < Math.max(own.length, node.length); at += 1) {
    const [mine, said] = [own[at], node[at]];
    if (mine === undefined || said === undefined || identity(mine) !== identity(said))
      return elsewhere(own, mine, node, said, place);
    const found = inFields(mine, said, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first field that differs, with both values. */
function fieldIn(own: unknown, node: unknown, name = ""): [name: string, node: unknown, own: unknown] | undefined {
  const lists = Array.isArray(own) && Array.isArray(node) && own.length === node.length;
  if (lists || (isObject(own) && isObject(node) && !isScore(own))) {
    for (const part of new Set([...Object.keys(own), ...Object.keys(node)])) {
      const found = fieldIn(field(own, part), field(node, part), lists ? name : part);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return JSON.stringify(own ?? null) === JSON.stringify(node ?? null) ? undefined : [name, node, own];
}

function inFields(own: unknown, node: unknown, place: string): Difference | undefined {
  const found = fieldIn(own, node);
  if (found === undefined) return undefined;
  const [what, ...values] = found;
  const { subject, ...about } = subjectOf(own, place);
  const [said, mine] = [shown(values[0]), shown(values[1])];
  const words = WORDS[what] ?? `the ${what.replaceAll("_", " ")}`;
  const sentence = `This computer gives ${words} of ${subject} as ${said}; the chain says ${mine}.`;
  return { what, ...about, node: said, own: mine, sentence };
}

/** "the standings", "the results of a match"; of `path`. */
function placeOf(path: string): string {
  const [, , , room = "", about, part] = (path.split("?")[0] ?? "").split("/");
  if (about === undefined) return room === "standings" ? "the table" : `the ${room}`;
  return part === undefined ? decodeURIComponent(about) : `the ${part} of ${decodeURIComponent(about)}`;
}

function first(path: string, own: unknown, node: unknown): Difference | undefined {
  const place = placeOf(path);
  if (Array.isArray(own) && Array.isArray(node)) return inRows(own, node, place);
  for (const list of ["matches", "items"]) {
    const [mine, said] = [field(own, list), field(node, list)];
    const found = Array.isArray(mine) && Array.isArray(said) ? inRows(mine, said, place) : undefined;
    if (found !== undefined) return found;
  }
  return inFields(own, node, place);
}

/** The first difference between two answers at a path that are not the same text. */
export function differenceOf(path: string, node: string, own: string): Difference {
  try {
    return (
      first(path, JSON.parse(own), JSON.parse(node)) ?? whole(`This computer writes ${path} otherwise than the chain.`)
    );
  } catch {
    return whole(`This computer’s answer to ${path} cannot be read.`);
  }
}
