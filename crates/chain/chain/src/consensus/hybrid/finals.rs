//! Certificates that were made without us: asked for while there are blocks above the last one that we have, of one peer after
//! the other, ever more seldom; at once when a validator votes on a later number than ours.

use bolao_ledger::{BlockHash, Decided, Reason, decode};
use bolao_store::StoreError;

use crate::{
    chain::{Chain, fit},
    consensus::Voting,
    context::Context,
    error::CoreError,
    io::{Cause, PeerId, Rejection},
    sync::{Purpose, Syncing, is_finals},
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

/// The outcome of a certificate that a peer gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Its block is final now.
    Final,
    /// It says nothing new.
    Known,
    /// It cannot be taken, nor what comes after it.
    Bad,
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
    pub(crate) fn seek_checkpoints(&mut self, cx: &mut Context, chain: &Chain, sync: &mut Syncing) {
        let (now, tip) = (cx.now.mono_ms, chain.tip());
        let sought = chain.seeks_final();
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
        let able = sync.peers().iter().filter(|(id, peer)| {
            peer.bodies.may_be_asked(now)
                && sync.asked_of(id, is_finals) == 0
                && sync.may_request(cx, id)
        });
        let first = able.min_by_key(|(id, peer)| (peer.bodies.count, peer.finals_turn, *id));
        let peer = first.map(|(id, _)| id.clone());
        if let Some(it) = self.checkpoints_mut() {
            let asking = &mut it.asking;
            asking.last_ms = now;
            if peer.is_none() && !sync.peers().is_empty() {
                // Each is left alone for a while, and may be asked again before so long a wait is over.
                asking.next_ms = Some(now.saturating_add(FIRST_MS));
                return;
            }
            asking.next_ms = Some(now.saturating_add(asking.wait_ms.max(SHORTEST_MS)));
            asking.wait_ms = asking.wait_ms.saturating_mul(2).min(LONGEST_MS);
        }
        let Some(peer) = peer else { return };
        let asked_ms = now;
        sync.request(
            cx,
            &peer,
            Purpose::Finals { asked_ms, from },
            Request::Finals { from },
        );
        let turn = sync.requests().last();
        if let Some(known) = sync.peer_mut(&peer) {
            known.finals_turn = turn;
        }
    }

    /// Whether a block is known to be above our last checkpoint, so that its validators are.
    fn builds_on_last(&self, chain: &Chain, decided: &Decided) -> Result<bool, StoreError> {
        let Some(base) = self.checkpoints().map(|it| it.base) else {
            return Ok(false);
        };
        let block = decided.decision.block;
        Ok(block.height > base.height && fit(&chain.snapshot()?, base, block)?)
    }

    /// Takes a certificate, if our chain holds what it proves.
    pub(crate) fn take_checkpoint(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        sync: &mut Syncing,
        peer: &PeerId,
        item: &CertifiedBlock,
    ) -> Result<Taken, CoreError> {
        let decided: Decided = match decode(&item.certificate) {
            Ok(decided) => decided,
            Err(error) => {
                sync.blame(cx, peer, error.into());
                return Ok(Taken::Bad);
            }
        };
        let Some(it) = self.checkpoints() else {
            return Ok(Taken::Bad);
        };
        let (number, base) = (it.number, it.base.height);
        if decided.height < number || chain.seeks_final() {
            let contradicts = self.contradicts(cx, chain, sync, peer, &decided)?;
            return Ok(if contradicts {
                Taken::Bad
            } else {
                Taken::Known
            });
        }
        if decided.height > number {
            // It decided this vote at a height where our last final block is, or below.
            self.compare_checkpoints(cx, sync, peer);
            return Ok(Taken::Bad);
        }
        // # Rule F14: a checkpoint is final by a certificate of the validators as of the checkpoint before.
        let set = chain.validators_after(base)?;
        if let Err(error) = decided.verify(&set, cx.pool) {
            let what = format!("{} has no good certificate: {error}", decided.decision);
            if self.builds_on_last(chain, &decided)? {
                sync.blame(cx, peer, Rejection::new(Reason::NoCertificate, what));
                return Ok(Taken::Bad);
            }
            // Histories may have parted, and the validators changed since.
            tracing::debug!(%peer, what, "comparing histories");
            sync.gave_nothing(cx, peer);
            self.compare_checkpoints(cx, sync, peer);
            return Ok(Taken::Bad);
        }
        self.make_final(cx, chain, &decided, Cause::Sync)?;
        Ok(Taken::Final)
    }
}
