//! Certificates that were made without us: asked for while there are blocks above the last one that we have, of one peer after
//! the other, ever more seldom; at once when a validator votes on a later number than ours.

use bolao_ledger::{BlockHash, Decided, Reason, decode};
use bolao_store::StoreError;

use crate::{
    chain::{Place, fit},
    consensus::Voting,
    core::Parts,
    error::CoreError,
    io::{Cause, PeerId, Rejection},
    sync::{Purpose, is_finals},
    wire::{CertifiedBlock, Request},
};

/// The time that votes may take before somebody is asked for the first time, in milliseconds.
const FIRST_MS: u64 = 1_000;
/// The longest time between two questions, in milliseconds.
const LONGEST_MS: u64 = 60_000;
/// The shortest, in milliseconds.
const SHORTEST_MS: u64 = 300;

/// When somebody is asked.
#[derive(Debug, Default)]
pub(super) struct Asking {
    /// Above which tip.
    tip: BlockHash,
    next_ms: Option<u64>,
    wait_ms: u64,
    last_ms: u64,
}

impl Asking {
    pub(super) fn next_ms(&self) -> Option<u64> {
        self.next_ms
    }
}

impl Voting {
    /// Validators are ahead.
    pub(crate) fn seek_checkpoints_now(&mut self) {
        if let Some(it) = self.checkpoints_mut() {
            it.asking.next_ms = Some(it.asking.last_ms.saturating_add(SHORTEST_MS));
        }
    }

    /// Asks somebody for the next certificates, if it is time.
    pub(crate) fn seek_checkpoints(&mut self, parts: &mut Parts) {
        let (now, tip) = (parts.cx.now.mono_ms, parts.chain.tip());
        let sought = parts.chain.seeks_final();
        let Some(it) = self.checkpoints_mut() else {
            return;
        };
        let from = it.base.height.next();
        let asking = &mut it.asking;
        if tip.hash != asking.tip {
            asking.tip = tip.hash;
            asking.wait_ms = FIRST_MS;
            let open = tip.height >= from && !sought;
            asking.next_ms = open.then(|| now.saturating_add(FIRST_MS));
        }
        if asking.next_ms.is_none_or(|at| at > now) {
            return;
        }
        let able = parts.sync.peers().iter().filter(|(id, peer)| {
            peer.bodies.may_be_asked(now)
                && parts.sync.asked_of(id, is_finals) == 0
                && parts.may_request(id)
        });
        let first = able.min_by_key(|(id, peer)| (peer.bodies.count, peer.finals_turn, *id));
        let peer = first.map(|(id, _)| id.clone());
        if let Some(it) = self.checkpoints_mut() {
            let asking = &mut it.asking;
            asking.last_ms = now;
            asking.next_ms = Some(now.saturating_add(asking.wait_ms.max(SHORTEST_MS)));
            asking.wait_ms = asking.wait_ms.saturating_mul(2).min(LONGEST_MS);
        }
        let Some(peer) = peer else { return };
        let asked_ms = now;
        parts.request(
            &peer,
            Purpose::Finals { asked_ms, from },
            Request::Finals { from },
        );
        let turn = parts.sync.requests().last();
        if let Some(known) = parts.sync.peer_mut(&peer) {
            known.finals_turn = turn;
        }
    }

    /// Whether a block is known to be above our last checkpoint, so that its validators are.
    fn builds_on_last(&self, parts: &Parts, decided: &Decided) -> Result<bool, StoreError> {
        let Some(base) = self.checkpoints().map(|it| it.base) else {
            return Ok(false);
        };
        let block = Place {
            height: decided.decision.height,
            hash: decided.decision.hash,
        };
        Ok(block.height > base.height && fit(&parts.chain.snapshot()?, base, block)?)
    }

    /// Takes certificates, as far as our chain holds what they prove.
    pub(crate) fn on_checkpoints(
        &mut self,
        parts: &mut Parts,
        peer: &PeerId,
        finals: Vec<CertifiedBlock>,
    ) -> Result<(), CoreError> {
        for item in finals {
            let decided: Decided = match decode(&item.certificate) {
                Ok(decided) => decided,
                Err(error) => {
                    parts.blame(peer, error.into());
                    break;
                }
            };
            let Some(it) = self.checkpoints() else { break };
            let (number, base) = (it.number, it.base.height);
            if decided.height < number || parts.chain.seeks_final() {
                if self.contradicts(parts, peer, &decided)? {
                    break;
                }
                continue;
            }
            if decided.height > number {
                // It decided this vote at a height where our last final block is, or below.
                self.compare_checkpoints(parts, peer);
                break;
            }
            // # Rule F14: a checkpoint is final by a certificate of the validators as of the checkpoint before.
            let set = parts.chain.validators_after(base)?;
            if let Err(error) = decided.verify(&set, parts.cx.pool) {
                let what = format!("{} has no good certificate: {error}", decided.decision);
                if self.builds_on_last(parts, &decided)? {
                    parts.blame(peer, Rejection::new(Reason::NoCertificate, what));
                    break;
                }
                // Histories may have parted, and the validators changed since.
                tracing::debug!(%peer, what, "comparing histories");
                parts.sync.gave_nothing(&parts.cx, peer);
                self.compare_checkpoints(parts, peer);
                break;
            }
            self.make_final(parts, &decided, Cause::Sync)?;
            if parts.chain.branches().is_to_look() {
                parts.choose_branch(Some(self), Cause::Sync)?;
            }
            if !self.next_checkpoint(parts)? {
                break;
            }
            self.seek_checkpoints_now();
        }
        Ok(())
    }
}
