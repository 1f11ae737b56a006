import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { useDrafts, whichOf } from "../../identity/drafts/drafts";
import { useOwnTips, type OwnTip } from "../../identity/drafts/ownTips";
import { useSending } from "../../identity/sending/Sender";
import { isOpen, missed, sendable } from "../../identity/sending/sendTips";
import { useTippable } from "../../identity/tippable";
import { usePlayerHere } from "../../keys/player";
import { isOver } from "../../keys/sent";
import { openedOptions, useFixed } from "../../keys/useOpened";
import type { Shapes } from "../../node/client";
import { usePassed } from "../../node/clock";
import { useMatches, useOpenings, usePool, useQuestions, useStandings } from "../../node/queries";
import type { QuestionBody } from "../../node/questions";
import { usePlayerCount } from "../../checking/state";
import { seconds } from "../../words/time";
import type { OpenProps } from "./OpenRow";
import { anyStakes } from "./stakes";
import { useFresh } from "./useFresh";

type Match = Shapes["MatchBody"];

const NOTHING = new Map<number, OwnTip>();
const NONE: readonly QuestionBody[] = [];

/** What this place shows: the matches, and the tips and drafts on them. */
export function useTips() {
  const pool = usePool();
  const players = usePlayerCount(pool.totals.players);
  const player = usePlayerHere(pool.id);
  const fixed = useFixed();
  const { data: matches, error, refetch } = useMatches();
  const tippable = useTippable();
  const { data: questions = NONE, error: unread, refetch: askAgain } = useQuestions();
  const own = useOwnTips(pool.id, player?.account, questions);
  const drafts = useDrafts(pool.id);
  const turns = useMemo(
    () => (tippable ?? []).flatMap(({ deadline }) => (deadline == null ? [] : seconds(deadline))),
    [tippable],
  );
  const now_s = usePassed(turns);
  const openings = useOpenings(fixed.bets === "sealed" ? player?.account : undefined).data;
  const fresh = useFresh(own.ready ? own.tips : NOTHING);
  const rules = useQuery({ ...openedOptions(pool.id), enabled: player !== undefined });
  const account = player?.account;
  const sending = useSending();
  const { tips, locked } = own;
  const seals = useMemo(() => {
    if (openings === undefined || account === undefined) return undefined;
    const known = new Map(openings.seals.map((seal) => [seal.commitment, seal]));
    return new Map(
      [...tips].flatMap(([no, { commitment }]) => {
        const seal = commitment === undefined ? undefined : known.get(commitment);
        return seal === undefined ? [] : [[no, { seal, openings, account }]];
      }),
    );
  }, [openings, account, tips]);
  const limits = rules.data?.pool;
  const table = useStandings({}, false).data?.items ?? [];
  const written = Object.values(drafts.tips);
  const staked = anyStakes({ limits, matches: matches ?? [], tips: tips.values(), drafts: written, table });
  // What this page has just sent is known before it was read back.
  const sent = new Map(sending.data?.sent.map(({ on, draft }) => [on.no, draft]));
  const tipOf = ({ no }: Match): OwnTip | undefined => {
    const tip = tips.get(no);
    return tip?.score === null && !locked ? { ...tip, score: sent.get(no) ?? null } : tip;
  };
  const propsOf = (match: Match): OpenProps => ({
    pool: pool.id,
    match,
    players,
    tip: tipOf(match),
    draft: drafts.tips[whichOf(match)],
    plays: player !== undefined,
    limits,
    staked,
    locked,
    lift: own.lift,
    fresh: fresh.has(match.no),
    seal: seals?.get(match.no),
  });
  return {
    pool,
    name: fixed.name,
    player,
    players,
    matches,
    questions,
    /** Why it is not known what is asked. */
    unread: questions === NONE ? unread : null,
    askAgain: () => void askAgain(),
    error: error ?? own.error,
    again: () => void refetch(),
    isReady: matches !== undefined && own.ready,
    own,
    tips,
    seals,
    drafts: drafts.tips,
    lift: own.lift,
    openings,
    sending,
    propsOf,
    isTipped: ({ no }: Pick<Match, "no">): boolean => tips.has(no) && !isOver(tips.get(no)?.fate),
    open: matches?.filter((match) => isOpen(match, now_s)) ?? [],
    past: matches?.filter((match) => !isOpen(match, now_s)) ?? [],
    tippable: tippable?.filter((on) => isOpen(on, now_s)) ?? [],
    ready: sendable(pool.id, tippable ?? [], now_s).length,
    waiting: sendable(pool.id, tippable ?? [], now_s, drafts.wanted).length,
    missed: missed(pool.id, tippable ?? [], now_s),
  };
}
