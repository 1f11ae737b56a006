import type { Features } from "../../extras/extra";
import { AS_IN_GAME } from "../../extras/points/asInGame";
import type { Points } from "../../extras/points/way";
import type { Rules } from "./first";
import { SCHEMES } from "./schemes";

/** The ways to choose points, in the order in which they are offered. */
export const WAYS = [SCHEMES, AS_IN_GAME];

type AnyWay = (typeof WAYS)[number];

/** What a file of rules has of points: the name of what is chosen, under the key of one of the ways. */
export type PointKeys = Partial<Record<AnyWay["key"], string | undefined>>;

/** A choice of points: a name, and the way that it belongs to. */
export interface Chosen {
  way: AnyWay;
  name: string;
}

/** What a file of rules has chosen. */
export function chosenIn(rules: PointKeys): Chosen | undefined {
  for (const way of WAYS) {
    const name = rules[way.key];
    if (name !== undefined) return { way, name };
  }
  return undefined;
}

/** The points that are chosen, if the page knows them. */
export function pointsOf(rules: PointKeys): Points | undefined {
  const chosen = chosenIn(rules);
  return chosen?.way.of(chosen.name);
}

const without = (features: Features, names: readonly string[]): Features =>
  Object.fromEntries(Object.entries(features).filter(([name]) => !names.includes(name)));

/** The rules with other points, and nothing chosen before of what those settle. */
export function withPoints(rules: Rules, { way, name }: Chosen): Rules {
  const none: PointKeys = Object.fromEntries(WAYS.map(({ key }) => [key, undefined]));
  const isReset = way.hasTieBreaks === true || chosenIn(rules)?.way.hasTieBreaks === true;
  return {
    ...rules,
    ...none,
    [way.key]: name,
    features: rules.features && without(rules.features, way.of(name)?.settles ?? []),
    tie_breaks: isReset ? undefined : rules.tie_breaks,
  };
}
