//! Which blocks a validator refuses, though they keep all rules.
//!
//! # Rule F15: a validator refuses a block above the last final one if
//! # - **late**: a block of its branch above the last final one *arrived* more than `grace_s` after that block's own time, while
//! #   this node was there, wherever it was at that time; or
//! # - **lacking**: the branch lacks a kept bet, unless the block is an ancestor of the own best block; or
//! # - **ahead**: a time of the branch is more than `clock_s` ahead of the own clock. Such a block waits, as any that is too new.
//! #   So does one of the own chain, which came while this clock was ahead: it is left, with what stands on it, once this clock
//! #   agrees with the peers'.
//!
//! # Rule F16: a validator proposes, and mines on, the heaviest block above the last final one that it does not refuse. Its chain
//! # is that block's. All others follow the most work above the last final block. If it refuses all that is there, it mines one,
//! # though nothing waits: with nothing of its own to propose its patience would never run.
//!
//! # Rule F17: once its patience is over, it refuses no more a block that validators of a third of the weight testified, nor one
//! # under such a block; nor what rests on weak evidence, which is a block's time or a deadline from before it came into
//! # unbroken touch with validators of a third of the weight. What is ahead stays refused.
//!
//! Evidence is what this node saw: who was away has none, and accepts what it finds.

use bolao_ledger::{BlockHash, Height, StateView as _, UnixSeconds};
use bolao_store::{Arrival, HeaderRecord, Snapshot};

use crate::{
    chain::Chain, consensus::Voting, context::Context, error::CoreError, kind::Timing,
    sync::Syncing,
};

/// No block of the own chain above the last final one, up to the tip, has a later time.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoneLater {
    between: [BlockHash; 2],
    time: UnixSeconds,
}

/// The first block that is ahead: the one under it, and its time.
struct FirstAhead {
    under: BlockHash,
    time: UnixSeconds,
}

impl Voting {
    /// Whether this node has a vote, so that it is for it to refuse.
    fn judges(&self) -> bool {
        self.checkpoints().is_some() && self.has_vote()
    }

    /// Whether a block that arrives now is late.
    pub(crate) fn arrives_late(&self, cx: &Context, time: UnixSeconds, arrives: Arrival) -> bool {
        self.judges() && is_late(cx, time, arrives)
    }

    /// The number of blocks of a branch that are not refused, from the one above `fork` on, which is in our chain: the lowest
    /// first.
    pub(crate) fn acceptable(
        &self,
        cx: &Context,
        snapshot: &Snapshot,
        fork: &HeaderRecord,
        path: &[HeaderRecord],
    ) -> Result<usize, CoreError> {
        let Some(it) = self.checkpoints().filter(|_| self.judges()) else {
            return Ok(path.len());
        };
        let patient = !it.patience.is_over();
        let touch = it.testimonies.touch_since();
        // From when on evidence is not weak.
        let since = touch.filter(|_| !patient);
        let testified = if patient {
            0
        } else {
            self.testified(snapshot, path)?
        };
        let mut good = until_ahead(cx, path);
        for (index, block) in path.iter().enumerate().take(good).skip(testified) {
            let time = block.header.time();
            let weak = !patient && since.is_none_or(|since| time < since);
            let arrival = snapshot.block_arrivals(block.height, &block.hash)?;
            if !weak && arrival.is_some_and(|it| is_late(cx, time, it.block)) {
                good = index;
                break;
            }
        }
        let branch = path.get(..good).unwrap_or_default();
        let all_weak = !patient && since.is_none();
        if good > testified
            && cx.config.refuses_lacking
            && !it.kept.is_empty()
            && !all_weak
            && branch.iter().all(|block| block.has_body)
            && it
                .lacks_kept(snapshot, fork.height.0, branch, since)?
                .is_some()
        {
            good = testified.min(good);
        }
        Ok(good)
    }

    /// Leaves the blocks of the own chain above the last final one from the first on that is ahead, until its time has come: gives the
    /// block that is to be the tip till then.
    pub(crate) fn leave_what_is_ahead(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        sync: &Syncing,
    ) -> Result<Option<BlockHash>, CoreError> {
        let latest = cx.latest_time();
        if let Some(it) = self.checkpoints_mut()
            && it.left_until.is_some_and(|until| until <= latest)
        {
            it.left_until = None;
            chain.branches().look_again();
        }
        if !self.judges()
            || !chain.finality().anchored
            || !self.heard_clocks(cx, sync).agree_for_sure(cx, cx.in_step)
        {
            return Ok(None);
        }
        let Some(FirstAhead { under, time }) = self.first_ahead(cx, chain)? else {
            return Ok(None);
        };
        tracing::warn!(
            tip = %chain.tip().height,
            "blocks of this chain are ahead of this machine's clock, which was ahead when they came: they are abandoned"
        );
        chain.branches().look_again();
        if let Some(it) = self.checkpoints_mut() {
            it.left_until = Some(time);
        }
        Ok(Some(under))
    }

    /// Looks for a block of the own chain above the last final one that is ahead: one that is not may stand on it, since times may
    /// fall to the median of eleven. Block by block only if the pool's time is ahead, and once for a tip, unless the clock is set back.
    fn first_ahead(
        &mut self,
        cx: &Context,
        chain: &Chain,
    ) -> Result<Option<FirstAhead>, CoreError> {
        let (anchor, tip, latest) = (chain.finality().anchor, chain.tip(), cx.latest_time());
        let between = [anchor.hash, tip.hash];
        let known = self.checkpoints().and_then(|it| it.none_later);
        if known.is_some_and(|it| it.between == between && it.time <= latest) {
            return Ok(None);
        }
        let snapshot = chain.snapshot()?;
        let mut newest = snapshot.totals()?.clock;
        if newest > latest {
            newest = UnixSeconds::ZERO;
            let mut under = anchor.hash;
            for height in anchor.height.0..tip.height.0 {
                let Some(next) = snapshot.header_at(Height(height).next())? else {
                    return Ok(None);
                };
                let time = next.header.time();
                if time > latest {
                    return Ok(Some(FirstAhead { under, time }));
                }
                newest = newest.max(time);
                under = next.hash;
            }
        }
        if let Some(it) = self.checkpoints_mut() {
            let time = newest;
            it.none_later = Some(NoneLater { between, time });
        }
        Ok(None)
    }

    /// Whether a branch of which all bodies are here is not refused.
    pub(crate) fn accepts(
        &self,
        cx: &Context,
        snapshot: &Snapshot,
        fork: &HeaderRecord,
        path: &[HeaderRecord],
    ) -> Result<bool, CoreError> {
        Ok(self.acceptable(cx, snapshot, fork, path)? == path.len())
    }
}

fn is_late(cx: &Context, time: UnixSeconds, arrival: Arrival) -> bool {
    cx.config.refuses_late
        && arrival.clock_agrees
        && cx.thresholds.timing(time, arrival) == Timing::Late
}

/// The number of blocks of a branch that are not ahead of this clock, the lowest first.
fn until_ahead(cx: &Context, path: &[HeaderRecord]) -> usize {
    let latest = cx.latest_time();
    let ahead = path.iter().position(|it| it.header.time() > latest);
    ahead.unwrap_or(path.len())
}
