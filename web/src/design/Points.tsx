import { object, type Shape, text } from "../node/shape";
import { BEST } from "./points/best";
import { BY_WINNER } from "./points/byWinner";
import { CLOSE } from "./points/close";
import type { Kind } from "./points/kind";
import { QUOTA } from "./points/quota";

const KINDS = new Map<unknown, Kind>([
  ["best", BEST],
  ["lines", BY_WINNER],
  ["quota", QUOTA],
  ["close", CLOSE],
]);

const kindOf = (scoring: object): Kind | undefined => KINDS.get((scoring as { kind?: unknown }).kind);

const isOfSomeKind = object({ kind: text });

/** Whether these are points: of a kind that is drawn, with all that it has, or of another kind. */
export const isScoring: Shape = (it) => isOfSomeKind(it) && kindOf(it as object)?.shape(it) !== false;

/** What a tip wins, at a glance. Points of another kind are not drawn. */
export function Points({ scoring }: { scoring: object }) {
  const kind = kindOf(scoring);
  return kind?.shape(scoring) === true ? kind.draw(scoring as never) : null;
}
