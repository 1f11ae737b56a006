// Whether an answer of the node is the one that this device makes of the chain.

import type { Shapes } from "../node/client";
import { heard, type Heard } from "../node/heard";
import type { At, Rules } from "../rules";
import { type Difference, differenceOf, whole } from "./difference";
import { isRulesError, type Look } from "./sure";

type Asks = Pick<Rules, "ask" | "partly">;

export const LIVE = "/api/v1/live";
export const LIVE_TABLE = "/api/v1/live/standings";

/** So far may the time that an answer names be from the node's own. */
const OFF_S = 360;

/** The node gave no answer, or one that cannot be read, where the chain has one. */
class NoAnswer extends Error {}

/** Answers that are the node's own word: nothing can be compared with them. */
const nodesWord = new Set<string>();

export const isNodesWord = ({ path }: Heard): boolean => nodesWord.has(path);

/** The scores by which the table stands, as the node told them last. */
function live(): At["live"] {
  try {
    const { items } = JSON.parse(heard.get(LIVE)?.text ?? "") as Shapes["LivesBody"];
    return items.map(({ match: { no }, home, away }) => [no, { home, away }]);
  } catch {
    return [];
  }
}

/** Of what the chain does not say all: what it says of it. */
async function wrongInPart(rules: Asks, { path, text, came_s }: Heard): Promise<Difference | undefined> {
  const wrong = await rules.partly(path, text === "" ? null : JSON.parse(text), came_s);
  if (wrong === null) nodesWord.add(path);
  if (typeof wrong !== "string") return undefined;
  if (text === "") throw new NoAnswer(`no answer to ${path}`);
  return whole(wrong);
}

/** Codes of the rules for an answer that no honest node gives, and which they cannot compare. */
const SENSELESS = new Set(["bad-answer", "not-found"]);

async function wrongIn(rules: Asks, one: Heard): Promise<Difference | undefined> {
  const { path, schemaPath, text, now_s, came_s, final = null } = one;
  const own = await rules.ask(path, { now: now_s ?? came_s, final, live: schemaPath === LIVE_TABLE ? live() : [] });
  if (own === null) return wrongInPart(rules, one);
  if (text === "") throw new NoAnswer(`no answer to ${path}`);
  if (Math.abs((now_s ?? came_s) - came_s) > OFF_S)
    return whole(`This computer’s answer to ${path} is from another time.`);
  if (own === text) return undefined;
  return differenceOf(path, text, own);
}

/** Looks at answers by the chain that rules hold. */
export const lookBy =
  (rules: Asks): Look =>
  (one) =>
    wrongIn(rules, one).catch((error: unknown) => {
      if (!isRulesError(error) || !SENSELESS.has(error.code)) throw error;
      if (one.text === "") return undefined;
      return whole(
        error.code === "not-found" ? `This computer shows ${one.path}, which is not in the chain.` : error.message,
      );
    });
