import type { Extra } from "../extra";
import { Choice } from "./Choice";
import { column } from "./column";
import { Recap } from "./Recap";
import { Strip } from "./Strip";

/** Rounds: who wins them, whether that separates equal points, and what the last one was like. */
export const ROUNDS: Extra = {
  name: "wins",
  column,
  OverTable: Strip,
  onLive: { isIn: ({ recap }) => recap != null && recap.lines.length > 0, Card: Recap },
  Choice,
};
