// Matches as an organiser schedules them.

import type { Shapes } from "../../../node/client";
import type { Fixture } from "../../../rules";
import { localSeconds, localText, seconds } from "../../../words/time";

type NodeFixture = Shapes["Fixture"];

/** A match while it is written. `kickoff` is as a field for local time has it; empty where it is not known. */
interface FixtureDraft {
  code: string;
  home: string;
  away: string;
  stage: string;
  kickoff: string;
}

export const draftOf = (body: NodeFixture): FixtureDraft => ({
  code: body.code,
  home: body.home.name,
  away: body.away.name,
  stage: body.stage,
  kickoff: body.kickoff == null ? "" : localText(seconds(body.kickoff)),
});

/** A team keeps its short code as long as it keeps its name. */
function team(name: string, before?: Shapes["Team"]): Fixture["home"] {
  const code = before?.name === name ? before.code : null;
  return code == null ? { name } : { name, code };
}

/** The last number of a match where the pool asks questions. */
const LAST = 0x3fff;

/**
 * The number of a new match: that under which another organiser has proposed one with its code, so that the signatures add up; else
 * the next of which no match and nothing that waits is.
 */
export function numberFor(
  code: string,
  matches: readonly { no: number }[],
  waiting: readonly Shapes["WaitingBody"][],
): number {
  const taken = new Set(matches.map(({ no }) => no));
  const folded = code.trim().toLowerCase();
  const isIt = (vote: Shapes["WaitingBody"]): boolean =>
    vote.type === "schedule" && vote.fixture.code.toLowerCase() === folded && !taken.has(vote.about.no);
  const proposed = waiting.filter(isIt).map(({ about }) => about.no);
  if (proposed.length > 0) return Math.min(...proposed);
  const wanted = new Set(waiting.map(({ about }) => about.no));
  const firstFrom = (from: number): number => {
    let no = from;
    while (taken.has(no) || wanted.has(no)) no += 1;
    return no;
  };
  const behind = firstFrom(Math.max(0, ...taken) + 1);
  return behind <= LAST ? behind : firstFrom(1);
}

/** The match that a draft says; `undefined` while something is missing. `before`: as it stands, where it is no new one. */
export function fixtureOf(draft: FixtureDraft, no: number, before?: NodeFixture): Fixture | undefined {
  const [code, home, away, stage] = [draft.code, draft.home, draft.away, draft.stage].map((it) => it.trim());
  if (!code || !home || !away || !stage) return undefined;
  // Seconds of a kick-off that nobody touched are kept.
  const untouched = before?.kickoff != null && localText(seconds(before.kickoff)) === draft.kickoff;
  const kickoff = untouched ? seconds(before.kickoff ?? "") : localSeconds(draft.kickoff);
  return { no, code, home: team(home, before?.home), away: team(away, before?.away), kickoff, stage };
}

const HOUR_S = 3600;

/** Whether betting on a match would end within the hour, and had at least an hour more: most players would learn it too late. */
export function isSudden(kickoff: number, { kickoff: before, day }: Shapes["MatchBody"], now_s: number): boolean {
  const begins = before ?? day?.begins;
  return kickoff - now_s < HOUR_S && (begins == null || seconds(begins) - kickoff >= HOUR_S);
}

/** What the rules ask of a change: the notice, and how long before the kick-off tips close. */
export interface Asked {
  notice_s: number;
  lead_s: number;
}

/** Whether another team plays: a short code where there was none is no other team. */
const isAnother = (before: Shapes["Team"], { name, code }: Fixture["home"]): boolean =>
  before.name !== name || (before.code != null && before.code !== code);

/** A match by which tips on it count or not: when they close, and since when it is as it is. */
function movedTo(fixture: Fixture, match: Shapes["MatchBody"], { notice_s, lead_s }: Asked, now_s: number) {
  const stood = match.deadline == null ? undefined : seconds(match.deadline);
  const since = match.since == null ? 0 : seconds(match.since);
  const day = match.day == null ? undefined : seconds(match.day.begins);
  const wanted = fixture.kickoff == null ? day : fixture.kickoff - lead_s;
  if (match.lacks_notice) {
    const tooLate = match.begun_before === true || (match.stood != null && now_s + notice_s > seconds(match.stood));
    return tooLate ? { end: stood, since } : { end: wanted, since: now_s };
  }
  const renamed = isAnother(match.home, fixture.home) || isAnother(match.away, fixture.away);
  const isSooner = stood === undefined || (wanted !== undefined && wanted <= stood);
  const moves = stood === undefined || (now_s < stood && (isSooner || now_s + notice_s <= stood));
  return { end: moves ? wanted : stood, since: renamed ? now_s : since };
}

/**
 * Whether tips on a match would not count after a change, for want of notice (rule S22), as the ledger says: `lost` where they count
 * as it stands.
 */
export function lateness(
  fixture: Fixture,
  match: Shapes["MatchBody"] | undefined,
  asked: Asked,
  now_s: number,
): "lost" | "late" | undefined {
  if (asked.notice_s === 0 || fixture.kickoff == null) return undefined;
  const after =
    match === undefined ? { end: fixture.kickoff - asked.lead_s, since: now_s } : movedTo(fixture, match, asked, now_s);
  if (after.end !== undefined && after.end >= after.since + asked.notice_s) return undefined;
  if (match === undefined || match.lacks_notice) return "late";
  // Teams of a match that is closed, and that nobody tipped, are set right.
  return match.status === "scheduled" || match.bets > 0 ? "lost" : undefined;
}

/** Matches in the order of their kick-offs, else of their days; those without either come last. */
export function inOrder(matches: readonly Shapes["MatchBody"][]): Shapes["MatchBody"][] {
  const at_s = ({ kickoff, day }: Shapes["MatchBody"]): number => {
    const begins = kickoff ?? day?.begins;
    return begins == null ? Number.MAX_VALUE : seconds(begins);
  };
  return [...matches].sort((one, other) => at_s(one) - at_s(other) || one.no - other.no);
}

/** So close together no two teams meet twice. */
const TWINS_S = 36 * 3600;

/** A match of the same teams, whichever is named first, about as a new one kicks off. */
export function twinOf<Known extends NodeFixture>(fixture: Fixture, matches: readonly Known[]): Known | undefined {
  const { kickoff } = fixture;
  if (kickoff == null) return undefined;
  const keys = (home: string, away: string): string =>
    [home, away]
      .map((name) => name.trim().toLowerCase())
      .sort()
      .join("\n");
  const teams = keys(fixture.home.name, fixture.away.name);
  return matches.find(
    (it) =>
      it.kickoff != null &&
      Math.abs(seconds(it.kickoff) - kickoff) <= TWINS_S &&
      keys(it.home.name, it.away.name) === teams,
  );
}
