//! Blocks that were decided without us: asked for in order, each with its certificate.
//!
//! One peer at a time is asked, of those that stand higher: first who failed least, then who has waited longest. A certificate
//! is checked against the validators that the state below its block names, before anything costly is done with the block.

use bolao_ledger::{Block, BlockError, Certificate, Decision, Height, Reason, TxId, decode};

use crate::{
    core::Core,
    error::{CoreError, no_certificate},
    io::{Cause, Event, PeerId, Rejection},
    sync::{Failures, Purpose},
    wire::{CertifiedBlock, Request},
};

/// The time that an answer may take before another peer is asked too, in milliseconds.
const PATIENCE_MS: u64 = 1_000;
/// The most peers that are asked at once.
const MAX_ASKED: usize = 3;

pub(crate) const fn is_finals(purpose: &Purpose) -> bool {
    matches!(purpose, Purpose::Finals { .. })
}

impl Core {
    /// Asks somebody who stands higher for the next blocks.
    pub(in crate::consensus) fn seek_certified(&mut self) {
        if self.seek_named() {
            return;
        }
        let now = self.now.mono_ms;
        let asked = self.requests.open().filter_map(|it| match it.purpose {
            Purpose::Finals { asked_ms, .. } => Some(asked_ms),
            _ => None,
        });
        let asked: Vec<u64> = asked.collect();
        let waits = |at: &u64| now < at.saturating_add(PATIENCE_MS);
        if asked.len() >= MAX_ASKED || asked.iter().any(waits) {
            return;
        }
        let ahead = self.peers.iter().filter(|(id, peer)| {
            let status = peer.status.as_ref();
            status.is_some_and(|status| status.height > self.tip.height)
                && peer.grace_until_ms <= now
                && peer.bodies.may_be_asked(now)
                && self.asked_of(id, is_finals) == 0
                && self.may_request(id)
        });
        let first = ahead.min_by_key(|(id, peer)| (peer.bodies.count, peer.turn, *id));
        let Some(peer) = first.map(|(id, _)| id.clone()) else {
            return;
        };
        let from = self.tip.height.next();
        let purpose = Purpose::Finals {
            asked_ms: now,
            from,
        };
        self.request(&peer, purpose, Request::Finals { from });
        if let Some(known) = self.peers.get_mut(&peer) {
            known.turn = self.requests.last();
        }
    }

    /// When another peer is to be asked.
    pub(crate) fn finals_times(&self) -> impl Iterator<Item = u64> {
        self.requests.open().filter_map(|it| match it.purpose {
            Purpose::Finals { asked_ms, .. } => Some(asked_ms.saturating_add(PATIENCE_MS)),
            _ => None,
        })
    }

    pub(in crate::consensus) fn on_certified(
        &mut self,
        peer: &PeerId,
        from: Height,
        finals: Vec<CertifiedBlock>,
    ) -> Result<(), CoreError> {
        let before = self.tip;
        let mut fault = None;
        for item in finals {
            match self.take_final(peer, &item)? {
                Ok(()) => {}
                Err(rejection) => {
                    fault = Some(rejection);
                    break;
                }
            }
        }
        let (now, moved) = (self.now.mono_ms, self.tip != before);
        if let Some(known) = self.peers.get_mut(peer) {
            if moved {
                known.bodies = Failures::default();
            } else if self.tip.height < from {
                known.bodies.failed(now);
            }
        }
        if moved {
            self.emit_progress(peer);
            let input = self.next_height()?;
            self.vote(input)?;
        }
        if let Some(rejection) = fault {
            self.blame(peer, rejection);
        }
        Ok(())
    }

    fn emit_progress(&mut self, peer: &PeerId) {
        let theirs = self.peers.get(peer).and_then(|it| it.status.as_ref());
        let target = theirs.map_or(self.tip.height, |status| status.height);
        self.announced_sync = true;
        self.emit(Event::SyncProgress {
            height: self.tip.height,
            target_height: target.max(self.tip.height),
            peer: Some(peer.clone()),
        });
    }

    /// Connects one block; an error is its sender's fault.
    fn take_final(
        &mut self,
        peer: &PeerId,
        item: &CertifiedBlock,
    ) -> Result<Result<(), Rejection>, CoreError> {
        let block: Block = match decode(&item.block) {
            Ok(block) => block,
            Err(error) => return Ok(Err(error.into())),
        };
        let certificate: Certificate = match decode(&item.certificate) {
            Ok(certificate) => certificate,
            Err(error) => return Ok(Err(error.into())),
        };
        let decision = Decision::plain(self.tip.height.next(), block.hash());
        // Votes may have been quicker than the answer.
        if block.coinbase.height != decision.height {
            return Ok(Ok(()));
        }
        if !self.leads_to_named(decision.height, decision.hash) {
            let what = format!("{decision} does not lead to the one that the invitation names");
            return Ok(Err(Rejection::new(Reason::AgainstFinal, what)));
        }
        let set = self.validators_after(self.tip.height)?;
        // # Rule F7: a block is connected only with a certificate of the validators that the state below it names.
        if let Err(error) = certificate.verify(&set, self.pool, decision.height, decision) {
            let what = format!("block {} has no good certificate ({error})", decision.hash);
            return Ok(Err(no_certificate(what)));
        }
        if block.header.previous != self.tip.hash {
            self.compare_at(peer, self.tip.height);
            return Ok(Ok(()));
        }
        let waiting = |id: &TxId| self.mempool.get(id);
        let checked = block.check_with(&self.genesis, self.pool, self.config.verify, waiting);
        let block = match checked {
            Ok(block) => block,
            Err(error) => return Ok(Err(BlockError::into(error))),
        };
        self.connect_final(&block, decision, &certificate, Cause::Sync)?;
        Ok(Ok(()))
    }
}
