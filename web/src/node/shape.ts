// Whether an answer has the shape that the description promises: a node that lies answers anything. Only what a screen cannot do
// without is looked at here; what is right is for the rules to say.

export type Shape = (it: unknown) => boolean;

/** As many entries of a list are taken at most. */
const MOST = 10_000;

export const text: Shape = (it) => typeof it === "string";

export const whether: Shape = (it) => typeof it === "boolean";

/** A whole number from 0 on. */
export const count: Shape = (it) => Number.isSafeInteger(it) && (it as number) >= 0;

/** A moment, as the API writes it. */
export const time: Shape = (it) => typeof it === "string" && Number.isFinite(Date.parse(it));

export const maybe =
  (of: Shape): Shape =>
  (it) =>
    it === null || it === undefined || of(it);

export const oneOf =
  (...words: string[]): Shape =>
  (it) =>
    typeof it === "string" && words.includes(it);

export const list =
  (of: Shape): Shape =>
  (it) =>
    Array.isArray(it) && it.length <= MOST && it.every(of);

/** An object with these fields, whatever else it has. */
export const object =
  (fields: Record<string, Shape>): Shape =>
  (it) =>
    typeof it === "object" &&
    it !== null &&
    Object.entries(fields).every(([name, of]) => of((it as Record<string, unknown>)[name]));

export const either =
  (...shapes: Shape[]): Shape =>
  (it) =>
    shapes.some((shape) => shape(it));

/** An answer that has not the shape that was promised. */
export class Unreadable extends Error {}

/** An answer, if it has this shape. `name`: what it is called where it has not. */
export function shaped<Answer>(answer: Answer | undefined, shape: Shape, name: string): Answer {
  if (answer === undefined || !shape(answer)) throw new Unreadable(`${name} has another shape`);
  return answer;
}
