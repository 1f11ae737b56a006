// A newer list of the matches: what the node says that it changes, turned into what the page shows. What is signed is made of
// what is shown, and of nothing else that the node answers.

import type { Shapes } from "../../../node/client";
import { dayOf, recorded, scheduled } from "../../../identity/assent/acts";
import type { AdminAction } from "../../../identity/assent/kinds";
import type { ReportedAdminAction } from "../../../identity/assent/onChain";
import { standing } from "../../../node/record";
import type { Day, Fixture, Outcome } from "../../../rules";
import type { Match } from "../outcome";
import type { Plan, Planned } from "./plan";

/** One thing that changes, as it is shown. */
export type Part =
  | { is: "new"; fixture: Fixture }
  | { is: "moved"; from: number | null; to: number | null }
  | { is: "teams"; from: [Team, Team]; to: [Team, Team] }
  | { is: "round" | "code"; from: string; to: string }
  | { is: "day"; from: Day | null; to: Day | null }
  | { is: "result"; outcome: Outcome; corrects: Outcome | null };

export type Team = Fixture["home"];

/** What one signature changes. */
export interface Step {
  parts: Part[];
  act: AdminAction;
}

/** What changes of one match. */
export interface Change {
  /** The match's code; another one where that has a change already. */
  key: string;
  /** The match's code. */
  code: string;
  /** The match as it stands; none where it is new. */
  before: Match | undefined;
  /** Its teams by the node, where it is new: for what is not signed. */
  teams: Planned["teams"];
  steps: Step[];
  /** What is signed: of each step the act, or nothing. */
  acts: AdminAction[];
  /** `strange`: something that is not shown here, and is not signed. */
  verdict: Planned["verdict"] | "strange";
  doubt: Shapes["Doubt"] | undefined;
  /** Why the rules refuse it. */
  refused: Shapes["PlanRefusal"] | undefined;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** A new match. Its number and its code are nobody's yet. */
function added(fixture: Fixture, matches: readonly Match[]): Step | undefined {
  const code = fixture.code.toLowerCase();
  const free = fixture.no > 0 && matches.every((it) => it.no !== fixture.no && it.code.toLowerCase() !== code);
  return free ? { parts: [{ is: "new", fixture }], act: { type: "schedule", fixture } } : undefined;
}

/** A match as it would be otherwise. */
function changed(after: Fixture, match: Match): Step | undefined {
  const before = scheduled(match);
  const parts: Part[] = [];
  const teams = ({ home, away }: Fixture): [Team, Team] => [home, away];
  if (!same(teams(before), teams(after))) parts.push({ is: "teams", from: teams(before), to: teams(after) });
  const [from, to] = [before.kickoff ?? null, after.kickoff ?? null];
  if (from !== to) parts.push({ is: "moved", from, to });
  if (before.stage !== after.stage) parts.push({ is: "round", from: before.stage, to: after.stage });
  if (before.code !== after.code) parts.push({ is: "code", from: before.code, to: after.code });
  return parts.length > 0 ? { parts, act: { type: "schedule", fixture: after } } : undefined;
}

/** Whether it is one that can be shown, or none. */
const isMoment = (at_s: number | null | undefined): boolean => at_s == null || Number.isSafeInteger(at_s);

/** What is signed of a match, as it is shown; `undefined` where it cannot be. */
export function stepOf(
  signed: Shapes["Action"],
  match: Match | undefined,
  matches: readonly Match[],
): Step | undefined {
  if (signed.type === "schedule") {
    const fixture = scheduled(signed.fixture);
    if (!isMoment(fixture.kickoff)) return undefined;
    return match === undefined ? added(fixture, matches) : changed(fixture, match);
  }
  if (match === undefined) return undefined;
  const match_no = match.no;
  if (signed.type === "day") {
    const day = signed.day == null ? null : dayOf(signed.day);
    if (!isMoment(day?.begins) || !isMoment(day?.ends)) return undefined;
    const from = match.day == null ? null : dayOf(match.day);
    return { parts: [{ is: "day", from, to: day }], act: { type: "day", match_no, day } };
  }
  if (signed.type !== "result") return undefined;
  const outcome = recorded(signed.outcome);
  const record = standing(match);
  const corrects = record === undefined ? null : recorded(record.outcome);
  if (outcome === undefined || corrects === undefined) return undefined;
  return { parts: [{ is: "result", outcome, corrects }], act: { type: "result", match_no, outcome } };
}

/** What a list signs. It takes no day away, and renames no match. */
function shown(signed: Shapes["Action"], of: Planned, matches: readonly Match[]): Step | undefined {
  const match = matches.find(({ no }) => no === of.match.no);
  if (match !== undefined && match.code !== of.match.code) return undefined;
  if (signed.type === "day" && signed.day == null) return undefined;
  if (signed.type === "schedule") {
    const { no, code, stage } = signed.fixture;
    if (no !== of.match.no || code !== of.match.code || stage !== (match?.stage ?? stage)) return undefined;
  }
  return stepOf(signed, match, matches);
}

function changeOf(planned: Planned, matches: readonly Match[]): Change {
  const found = planned.signs.map((signed) => shown(signed, planned, matches));
  const whole = found.filter((it) => it !== undefined);
  const strange = whole.length < found.length;
  return {
    key: planned.match.code,
    code: planned.match.code,
    before: matches.find(({ no }) => no === planned.match.no),
    teams: planned.teams,
    steps: whole,
    acts: strange ? [] : whole.map(({ act }) => act),
    verdict: strange ? "strange" : planned.verdict,
    doubt: planned.verdict === "doubt" ? planned.doubt : undefined,
    refused: planned.verdict === "refused" ? { code: planned.code, detail: planned.detail } : undefined,
  };
}

/**
 * What a newer list changes of these matches. Each change is shown against the match as it stands, so that a second one of the same
 * match, or of the same kind, would take back what the first one says.
 */
export function changesOf(plan: Plan, matches: readonly Match[]): Change[] {
  const keys = new Set<string>();
  const seen = new Set<string>();
  return plan.changes.map((planned, at) => {
    const change = changeOf(planned, matches);
    const { no, code } = planned.match;
    const key = keys.has(code) ? `${at} ${code}` : code;
    keys.add(key);
    const said = change.acts.flatMap(({ type }) => [`${type} ${no}`, `${type} ${code.toLowerCase()}`]);
    const again = said.some((one) => seen.has(one)) || new Set(said).size < said.length;
    for (const one of said) seen.add(one);
    return again ? { ...change, key, acts: [], verdict: "strange" } : { ...change, key };
  });
}

/** What is signed of a change, each act with its match as it stands or as the acts before it make it. */
export function officesOf({ before, acts }: Pick<Change, "before" | "acts">): ReportedAdminAction[] {
  const forms: Fixture[] = before === undefined ? [] : [scheduled(before)];
  return acts.map((act) => {
    const seen = forms.length === 0 ? [] : [[...forms]];
    if (act.type === "schedule") forms.push(act.fixture);
    return { act, seen };
  });
}

/** Doubts that a look settles: what is doubtful may be right as it is. */
const SETTLED_BY_A_LOOK: readonly string[] = ["perhaps", "alike", "late"];

/** Whether it can be signed: without more ado, or after a look at what is doubtful about it. */
export const canSign = ({ verdict, doubt, acts }: Change): boolean =>
  acts.length > 0 && (verdict === "sign" || (verdict === "doubt" && SETTLED_BY_A_LOOK.includes(doubt?.why ?? "")));

export const isResult = ({ steps }: Change): boolean => steps.some(({ act }) => act.type === "result");

/** What is signed unless somebody says otherwise: lists err about results, so each of them wants a look. */
export const usual = (change: Change): boolean => change.verdict === "sign" && canSign(change) && !isResult(change);

/** The same of lists that the node reads from the web, which proposes no result that is not sure. A correction is nobody's but an organiser's. */
export const usualOfWeb = (change: Change): boolean =>
  usual(change) || (change.verdict === "sign" && canSign(change) && change.before?.record == null);

/** Whether a change says what another one said: whoever chose that one has seen this one. */
export const saysTheSame = (one: Change, other: Change | undefined): boolean =>
  other !== undefined &&
  same(
    [one.steps, one.acts, one.verdict, one.doubt ?? null],
    [other.steps, other.acts, other.verdict, other.doubt ?? null],
  );

/** Whether nothing differs between two comparisons. */
export const saySame = (now: readonly Change[], before: readonly Change[]): boolean =>
  now.length === before.length && now.every((change, at) => saysTheSame(change, before[at]));

/** What is ticked once a newer comparison has come by itself: what is new as usual, and the rest as it was chosen. */
export const tickedAnew = (now: Change[], before: Change[], ticked: ReadonlySet<string>): Set<string> =>
  new Set(
    now
      .filter((change) => {
        const old = before.find(({ key }) => key === change.key);
        if (old === undefined || !canSign(old)) return usualOfWeb(change);
        return canSign(change) && ticked.has(old.key) && saysTheSame(change, old);
      })
      .map(({ key }) => key),
  );

/** Whether what a list can change of a match is as it was. */
export function sameMatch(before: Match | undefined, now: Match | undefined): boolean {
  const facts = (match: Match | undefined) =>
    match && [scheduled(match), match.day ?? null, match.record?.outcome ?? null, match.postponed];
  return same(facts(before), facts(now));
}

/** What is to be signed of a new comparison, after what was chosen of one before: nothing that was not shown, and chosen, as it is. */
export const chosenAgain = (now: Change[], before: Change[], chosen: ReadonlySet<string>): Set<string> =>
  new Set(
    now
      .filter((change) => {
        const old = before.find(({ key }) => key === change.key);
        return old !== undefined && chosen.has(old.key) && canSign(change) && saysTheSame(old, change);
      })
      .map(({ key }) => key),
  );
