//! What validators say beside the votes: that they are there, and which block they do not refuse.
//!
//! - **There** at this moment: said every minute; every few seconds while something waits to be decided, and from a minute before
//!   a deadline until a final block has passed it. So whoever hears it knows that it was in touch with that validator.
//! - **Testified**: said of the own best block, and by it of those under it, by a validator that was itself there and in unbroken
//!   touch with validators of at least a third of the weight, itself included, since before the first deadline after the last
//!   final block. Prevotes do not count: whoever comes back prevotes for whatever it finds.
//! - Of each validator the latest counts. It is passed on when it is new; at most one of each validator is kept.

use std::collections::{BTreeMap, BTreeSet};

use bolao_ledger::{
    BlockHash, Decision, Height, Signature, StateView as _, Statement, StatementKind, UnixSeconds,
    ValidatorKey,
};
use bolao_store::{HeaderRecord, Snapshot};

use crate::{chain::Chain, consensus::Voting, context::Context, error::CoreError, sync::Syncing};

/// Between two times that a validator says that it is there, in milliseconds: mostly, and when it matters.
const SELDOM_MS: u64 = 60_000;
const OFTEN_MS: u64 = 5_000;
/// Touch with somebody is broken when nothing was heard for so long, in milliseconds.
const TOUCH_SELDOM_MS: u64 = 150_000;
const TOUCH_OFTEN_MS: u64 = 16_000;
/// The most by which the time that is said may differ from the own clock, in seconds.
const FRESH_S: u64 = 15;
/// The time before a deadline at which validators begin to say that they are there, in seconds.
const BEFORE_S: u64 = 60;
/// The time after a deadline that no final block passes for which they go on, in seconds.
const AFTER_S: u64 = 86_400;

/// The statements of validators beside the votes.
#[derive(Debug, Default)]
pub(super) struct Testimonies {
    /// Of each validator the time that it said, and the block.
    latest: BTreeMap<ValidatorKey, (u32, Option<Decision>)>,
    /// Since when this node is there and in touch with enough validators without a break.
    touch_since: Option<UnixSeconds>,
    next_ms: u64,
    /// Since when it matters.
    often_since_ms: Option<u64>,
    /// The first deadline after the last final block, as of a tip.
    deadline: Option<(BlockHash, Option<UnixSeconds>)>,
}

impl Testimonies {
    pub(super) fn next(&mut self) {
        self.latest.clear();
        self.deadline = None;
    }

    /// The time for which nothing need be heard of somebody who is there, in milliseconds.
    fn gap_ms(&self, now_ms: u64) -> u64 {
        let settled = |since: u64| now_ms >= since.saturating_add(TOUCH_OFTEN_MS);
        if self.often_since_ms.is_some_and(settled) {
            TOUCH_OFTEN_MS
        } else {
            TOUCH_SELDOM_MS
        }
    }

    pub(super) fn touch_since(&self) -> Option<UnixSeconds> {
        self.touch_since
    }
}

impl Voting {
    /// Takes what a validator says beside the votes; whether it is new.
    pub(crate) fn hear_testimony(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        (key, statement, signature): &(ValidatorKey, Statement, Signature),
    ) -> bool {
        let (own, pool, now) = (self.own, cx.pool, cx.now);
        let verified = &cx.config.verified;
        let Some(it) = &mut self.checkpoints else {
            return false;
        };
        let latest = it.testimonies.latest.get(key);
        let is_new = latest.is_none_or(|(time, _)| *time < statement.round);
        let fresh = now.unix.0.abs_diff(statement.round.into()) <= FRESH_S;
        if statement.kind != StatementKind::Testified
            || statement.height == Height::ZERO
            || Some(*key) == own
            || !is_new
            || !fresh
            || !self.votes.heard.is_member(key)
            || !verified.is_signed(pool, *key, statement, signature)
        {
            return false;
        }
        // Of another checkpoint it says no more than that somebody is there.
        let decision = statement.decision.filter(|_| statement.height == it.number);
        let said = (statement.round, decision);
        it.testimonies.latest.insert(*key, said);
        if it.patience.is_over() {
            chain.branches().look_again();
        }
        self.votes.heard.hears(*key, now.mono_ms);
        true
    }

    /// Notes whether this node is there and in touch with validators of at least a third of the weight.
    pub(crate) fn look_in_touch(&mut self, cx: &Context, chain: &mut Chain, sync: &Syncing) {
        let (own, now, there) = (self.own, cx.now, self.arrives(cx, sync).there());
        if let Some(it) = &mut self.checkpoints {
            let gap_ms = it.testimonies.gap_ms(now.mono_ms);
            let weight = self.votes.heard.weight_of(own, now.mono_ms, gap_ms);
            let enough = self.votes.heard.is_third(weight);
            let since = &mut it.testimonies.touch_since;
            let before = *since;
            *since = (there && enough).then(|| since.unwrap_or(now.unix));
            if *since != before {
                chain.branches().judge_soon();
            }
        }
    }

    /// The first deadline that no final block has passed.
    fn open_deadline(&mut self, chain: &Chain) -> Result<Option<UnixSeconds>, CoreError> {
        let tip = chain.tip().hash;
        let Some(it) = self.checkpoints() else {
            return Ok(None);
        };
        if let Some((of, deadline)) = it.testimonies.deadline
            && of == tip
        {
            return Ok(deadline);
        }
        let closed = it.clock;
        let items = chain.snapshot()?.items()?;
        let deadlines = items.iter().filter_map(|item| item.deadline);
        let first = deadlines.filter(|at| *at > closed).min();
        if let Some(it) = self.checkpoints_mut() {
            it.testimonies.deadline = Some((tip, first));
        }
        Ok(first)
    }

    /// Says that this validator is there, if it is time to, and what it testifies.
    pub(super) fn testify(
        &mut self,
        cx: &Context,
        chain: &Chain,
        sync: &mut Syncing,
    ) -> Result<(), CoreError> {
        let (own, now) = (self.own, cx.now);
        let votes =
            own.filter(|own| self.votes.heard.is_member(own) && self.votes.heard.count() > 1);
        let Some(own) = votes.filter(|_| self.arrives(cx, sync).there()) else {
            return Ok(());
        };
        let deadline = self.open_deadline(chain)?;
        let begins = deadline.map(|at| UnixSeconds(at.0.saturating_sub(BEFORE_S)));
        let disputed = deadline.zip(begins).is_some_and(|(at, begins)| {
            (begins.0..at.0.saturating_add(AFTER_S)).contains(&now.unix.0)
        });
        let often = disputed || self.has_checkpoint(chain);
        let later = begins.filter(|begins| *begins > now.unix);
        let later = later.map_or(u64::MAX, |begins| cx.mono_of(begins));
        let tip = chain.tip();
        let Some(it) = self.checkpoints_mut() else {
            return Ok(());
        };
        let said = &mut it.testimonies;
        let every_ms = if often { OFTEN_MS } else { SELDOM_MS };
        let since = said.often_since_ms;
        said.often_since_ms = often.then(|| since.unwrap_or(now.mono_ms));
        let latest = now.mono_ms.saturating_add(every_ms).min(later);
        said.next_ms = said.next_ms.min(latest);
        if said.next_ms > now.mono_ms {
            return Ok(());
        }
        said.next_ms = latest;
        let before = |since: UnixSeconds| deadline.is_none_or(|at| since < at);
        let may = said.touch_since.is_some_and(before);
        let statement = Statement {
            kind: StatementKind::Testified,
            height: it.number,
            round: u32::try_from(now.unix.0).unwrap_or(u32::MAX),
            decision: may.then(|| Decision::plain(tip.height, tip.hash)),
        };
        let latest = (statement.round, statement.decision);
        it.testimonies.latest.insert(own, latest);
        self.say(cx, sync, statement);
        Ok(())
    }

    /// When something is to be said.
    pub(crate) fn testifies_at_ms(&self) -> Option<u64> {
        let it = self.checkpoints().filter(|_| self.has_vote());
        it.map(|it| it.testimonies.next_ms)
    }

    /// The number of these blocks, each on the one before, that validators of at least a third of the weight testified, or one on
    /// top of them.
    pub(super) fn testified(
        &self,
        snapshot: &Snapshot,
        path: &[HeaderRecord],
    ) -> Result<usize, CoreError> {
        let Some(it) = self.checkpoints() else {
            return Ok(0);
        };
        let mut heights = Vec::new();
        for (key, (_, decision)) in &it.testimonies.latest {
            if let Some(decision) = decision {
                heights.push((*key, shared(snapshot, decision.hash, path)?));
            }
        }
        let counts: BTreeSet<usize> = heights.iter().map(|(_, count)| *count).collect();
        let is_third = |count: &usize| {
            let keys = heights.iter().filter(|(_, up_to)| up_to >= count);
            self.votes
                .heard
                .is_third(self.votes.heard.weight(keys.map(|(key, _)| *key)))
        };
        Ok(counts.into_iter().rev().find(is_third).unwrap_or(0))
    }
}

/// The number of these blocks that the branch that ends with `tip` holds: none if its header is not here.
fn shared(snapshot: &Snapshot, tip: BlockHash, path: &[HeaderRecord]) -> Result<usize, CoreError> {
    let (Some(first), Some(mut record)) = (path.first(), snapshot.header(&tip)?) else {
        return Ok(0);
    };
    while record.height >= first.height {
        let index = usize::try_from(record.height.0 - first.height.0).unwrap_or(usize::MAX);
        if path.get(index).is_some_and(|it| it.hash == record.hash) {
            return Ok(index + 1);
        }
        let Some(below) = snapshot.header(&record.header.previous)? else {
            break;
        };
        record = below;
    }
    Ok(0)
}
