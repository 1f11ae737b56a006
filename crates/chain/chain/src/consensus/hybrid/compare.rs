//! Two histories are found when nodes of both meet (`hybrid`).
//!
//! - A peer whose branch does not hold our last final block is asked for its own final blocks, from the height of ours on.
//! - The last vote that both sides decided alike is looked for by halves. The validators of the next vote are the same in both
//!   histories: two good certificates of that vote are two histories, as is any other such pair found on the way.
//! - Both are kept, and the core ends, unless those who signed both have no more than a third of today's weight
//!   ([`super::super::pos`]).

use bolao_ledger::{Conflict, Decided, Height, decode};
use bolao_store::{FinalBlock, Snapshot, StoreError};

use super::{final_block, proof};
use crate::{
    chain::{Chain, fit},
    consensus::{Voting, pos::is_outgrown},
    context::Context,
    error::CoreError,
    io::PeerId,
    sync::Syncing,
    wire::{CertifiedBlock, Status},
};

/// Our final block of a vote's number, not above `top`, and the height of the one before.
fn of_number(
    snapshot: &Snapshot,
    number: Height,
    top: Height,
) -> Result<Option<(FinalBlock, Height)>, StoreError> {
    // The lowest height that no final block of a lower number has, nor any above it.
    let (mut low, mut high) = (number.0.max(1), top.0.saturating_add(1));
    while low < high {
        let middle = low.midpoint(high);
        let next = snapshot.final_above(Height(middle.saturating_sub(1)))?;
        let lower = match next {
            Some(block) => proof(&block)?.height < number,
            None => false,
        };
        if lower {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    let below = Height(low.saturating_sub(1));
    let Some(block) = snapshot.final_above(below)? else {
        return Ok(None);
    };
    let found = proof(&block)?.height == number;
    Ok(found.then_some((block, below)))
}

impl Voting {
    /// Compares histories with a peer whose tip is on a branch without our last final block, as far as its header is here.
    pub(crate) fn compare_tip(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        sync: &mut Syncing,
        peer: &PeerId,
        status: &Status,
    ) -> Result<(), StoreError> {
        let due = sync.peers().get(peer).map(|it| it.compare_after_ms);
        let Some(base) = self.checkpoints().map(|it| it.base) else {
            return Ok(());
        };
        if due.is_none_or(|at| at > cx.now.mono_ms) {
            return Ok(());
        }
        let snapshot = chain.snapshot()?;
        let elsewhere = match snapshot.header(&status.tip.hash)? {
            Some(tip) => {
                let tip = tip.block;
                !fit(&snapshot, base, tip)?
            }
            None => false,
        };
        if elsewhere {
            self.compare_checkpoints(cx, sync, peer);
        }
        Ok(())
    }

    /// The height of the last final block in our chain, where votes make blocks of work final.
    pub(crate) fn last_checkpoint(&self) -> Option<Height> {
        self.checkpoints().map(|it| it.base.height)
    }

    /// Asks a peer that is on another branch for its final blocks, from our last one down.
    pub(crate) fn compare_checkpoints(
        &mut self,
        cx: &mut Context,
        sync: &mut Syncing,
        peer: &PeerId,
    ) {
        if let Some(height) = self.last_checkpoint() {
            sync.compare_at(cx, peer, height);
        }
    }

    /// A peer's lowest final block of at least the height `from`, if it has one. Both histories have the final block of the
    /// first height of `between`, and only ours may have that of the second.
    pub(crate) fn on_compared_checkpoint(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        sync: &mut Syncing,
        peer: &PeerId,
        ((same, other), from): ((Height, Height), Height),
        finals: &[CertifiedBlock],
    ) -> Result<(), CoreError> {
        let snapshot = chain.snapshot()?;
        let mut between = (same, other.min(from));
        if let Some(item) = finals.first() {
            let decided: Decided = match decode(&item.certificate) {
                Ok(decided) => decided,
                Err(error) => {
                    sync.blame(cx, peer, error.into());
                    return Ok(());
                }
            };
            let ours = snapshot.final_at(from)?;
            if ours.is_some_and(|ours| ours.hash == decided.decision.hash) {
                between = (from, other);
            } else if self.contradicts(cx, chain, sync, peer, &decided)? {
                return Ok(());
            }
        }
        let (same, mut other) = between;
        if same >= other {
            return Ok(());
        }
        let next = loop {
            let middle = same.0.midpoint(other.0);
            if middle == same.0 {
                break same.next();
            }
            let above = snapshot.final_above(Height(middle.saturating_sub(1)))?;
            match above.filter(|block| block.height < other) {
                Some(block) => break block.height,
                None => other = Height(middle),
            }
        };
        if next != from && sync.may_request(cx, peer) {
            sync.ask_to_compare(cx, peer, between, next);
        }
        Ok(())
    }

    /// Whether a certificate is of a vote that was decided otherwise here, and good: then the core ends soon, unless those who
    /// signed both have little weight today.
    pub(super) fn contradicts(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        sync: &mut Syncing,
        peer: &PeerId,
        decided: &Decided,
    ) -> Result<bool, CoreError> {
        let (snapshot, top) = (chain.snapshot()?, chain.finality().last.height);
        let Some((ours, below)) = of_number(&snapshot, decided.height, top)? else {
            return Ok(false);
        };
        let second = final_block(decided);
        if ours.block == second.block {
            return Ok(false);
        }
        let set = chain.validators_after(below)?;
        if decided.verify(&set, cx.pool).is_err() {
            return Ok(false);
        }
        let by_ours = proof(&ours)?;
        let conflict = Conflict {
            height: decided.height,
            first: (by_ours.decision, by_ours.certificate),
            second: (decided.decision, decided.certificate.clone()),
        };
        if !is_outgrown(cx, chain, sync, peer, &conflict, &set)? {
            self.stop_over(cx, chain, sync, ours.block, &second)?;
        }
        Ok(true)
    }
}
