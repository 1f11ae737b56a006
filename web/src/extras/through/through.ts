import type { Shapes } from "../../node/client";

/** What the rule gives, and in which rounds, as a pool's file of rules has it. */
interface ThroughRule {
  points: number;
  stages?: readonly string[];
}

/** Whether the team that goes through counts on a match. */
export const countsOn = (rule: unknown, { stage }: Pick<Shapes["MatchBody"], "stage">): boolean =>
  (rule as ThroughRule | undefined)?.stages?.includes(stage) === true;
