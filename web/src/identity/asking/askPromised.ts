import { playerOf } from "../../keys/player";
import { openedPool, signer } from "../../keys/signer";
import { noticeOf } from "../../keys/useOpened";
import { node, queries } from "../../node/client";
import { nodeTime } from "../../node/clock";
import { matchesOptions, questionsOptions } from "../../node/queries";
import { Refused } from "../../node/refused";
import type { Question } from "../assent/kinds";
import { onTheWayOptions } from "../drafts/ownTips";
import { inOffice, inTurn } from "../sending/send";
import { numberFor } from "./ask";
import { promiseToAsk, promisedOf } from "./promised";
import { readyQuestion } from "./readyMade";
import type { Template } from "./templates";

const JOINS_MS = 500;
const TRIES = 30;

/** Waits for the node, which lets its own player in once it runs. */
async function joined(account: string): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { data } = await node.GET("/api/v1/accounts/{account}/nonce", { params: { path: { account } } });
    if (data?.joined === true) return;
    await new Promise((resolve) => setTimeout(resolve, JOINS_MS));
  }
}

const isIn = (template: Template, all: readonly { code: string }[]): boolean =>
  all.some(({ code }) => code.toLowerCase() === template);

const FRESH = { staleTime: 0 };

/** Asks those of which nothing has the code yet; gives all that are asked then. */
async function ask(pool: string, account: string, templates: readonly Template[]): Promise<Template[]> {
  // What leaves for a block after the first answer is in the second.
  const { waiting } = await queries.query({ ...onTheWayOptions(account), ...FRESH });
  const asked = await queries.query({ ...questionsOptions(), ...FRESH });
  const matches = await queries.query({ ...matchesOptions(), ...FRESH });
  const { rules } = (await openedPool(pool)).pool;
  const known = { matches, now_s: Math.floor(nodeTime() / 1000), notice_s: noticeOf(rules) };
  const there = [...asked, ...waiting.flatMap(({ action }) => (action.type === "question" ? action.question : []))];
  const fresh: Question[] = [];
  for (const template of templates.filter((one) => !isIn(one, [...there, ...matches]))) {
    const question = readyQuestion(template, known, numberFor(template, [...there, ...fresh], []));
    if (question !== undefined) fresh.push(question);
  }
  const acts = fresh.map((question) => ({ act: { type: "question" as const, question }, seen: [] }));
  if (acts.length > 0) await (await inOffice(pool, acts))(...acts);
  return templates.filter((one) => isIn(one, [...there, ...fresh]));
}

/** Asks what the first run promised, in one tab at a time, and without a passphrase; gives what is asked. Another tab may have done it. */
export const askPromised = (pool: string): Promise<Template[] | undefined> =>
  inTurn(`asks.${pool}`, async () => {
    const templates = promisedOf(pool);
    const account = playerOf(pool)?.account;
    if (templates.length === 0 || account === undefined) return undefined;
    try {
      await signer(pool, false);
      await joined(account);
      const asked = await ask(pool, account, templates);
      promiseToAsk(pool, []);
      return asked;
    } catch (error) {
      if (error instanceof Refused && !error.passing) promiseToAsk(pool, []);
      throw error;
    }
  });
