import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Card, Section } from "../../design/Card";
import type { Draft } from "../../identity/drafts/draft";
import { whichOf } from "../../identity/drafts/drafts";
import type { OwnTip } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { usePassed } from "../../node/clock";
import { useLiveMatches } from "../../node/live";
import { seconds } from "../../words/time";
import { byDays, pastOf, PLAYED_S, RECENT_S, timeOf, type Past as Kind } from "./groups";
import { Moments } from "./Moments";
import { PastRow } from "./PastRow";
import { Days, Fold } from "./Rounds";

type Match = Shapes["MatchBody"];

/** `news`: it finished since the last look. */
export type Heads = Kind | "news";

const HEADS: Record<Heads, ReactNode> = {
  live: <Trans context="matches that are played now">Live</Trans>,
  shut: <Trans>Tips closed</Trans>,
  waiting: <Trans>Awaiting result</Trans>,
  news: <Trans>New results</Trans>,
  done: <Trans>Finished</Trans>,
};

/** When a match changes its place here. */
const turnsOf = (match: Match): number[] => {
  const at_s = timeOf(match);
  const began_s = match.kickoff == null ? [] : [seconds(match.kickoff)];
  return [...began_s.flatMap((it) => [it, it + PLAYED_S]), ...(at_s === null ? [] : [at_s + RECENT_S])];
};

interface Props {
  pool: string;
  matches: Match[];
  tips: ReadonlyMap<number, OwnTip>;
  drafts: Record<string, Draft>;
  lift: () => void;
  /** Codes of those that finished since the last look. */
  news: ReadonlySet<string>;
  /** Which of them. */
  kinds: readonly Heads[];
}

/** The matches that take no more tips, by how far they are. */
export function Past({ pool, matches, tips, drafts, lift, news, kinds }: Props) {
  const now_s = usePassed(matches.flatMap(turnsOf));
  const live = new Set(useLiveMatches(matches).map(({ match }) => match.code));
  const kindOf = (match: Match): Heads => (news.has(match.code) ? "news" : pastOf(match, live.has(match.code), now_s));
  const row = (match: Match) => (
    <PastRow
      key={match.code}
      pool={pool}
      match={match}
      tip={tips.get(match.no)}
      draft={drafts[whichOf(match)]}
      lift={lift}
    />
  );
  return kinds.map((kind) => {
    const all = byDays(matches.filter((match) => kindOf(match) === kind)).flatMap((day) => day.matches);
    if (all.length === 0) return null;
    if (kind === "news") all.reverse();
    if (kind !== "done")
      return (
        <Section key={kind} title={HEADS[kind]} aside={<Moments matches={all} />}>
          <Card>
            <ul>{all.map(row)}</ul>
          </Card>
        </Section>
      );
    const recent = all.filter((match) => (timeOf(match) ?? 0) > now_s - RECENT_S);
    const older = all.filter((match) => !recent.includes(match)).reverse();
    return (
      <Section key={kind} title={HEADS.done} aside={<Moments matches={recent} />}>
        <Card>
          <ul>{recent.reverse().map(row)}</ul>
          {older.length > 0 && (
            <Fold
              title={<Trans>Earlier matches</Trans>}
              says={<Plural value={older.length} one="# match" other="# matches" />}
            >
              {() => <Days days={byDays(older).reverse()} row={row} />}
            </Fold>
          )}
        </Card>
      </Section>
    );
  });
}
