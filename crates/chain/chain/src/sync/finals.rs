//! Final blocks that others have: who is asked for those that we lack, and with whom histories are compared. Of those that stand
//! higher that is first who failed least, then who has waited longest.

use bolao_ledger::Height;
use bolao_store::StoreError;

use super::Failures;
use crate::{
    chain::Chain,
    context::Context,
    io::{Event, PeerId},
    sync::{Purpose, Syncing},
    wire::{Request, Status},
};

/// The time between two requests to one peer to compare, in milliseconds.
const PAUSE_MS: u64 = 5_000;
/// The time that an answer may take before another peer is asked too, in milliseconds.
const PATIENCE_MS: u64 = 1_000;

/// The most peers that are asked at once.
const MAX_ASKED: usize = 3;

pub(crate) const fn is_finals(purpose: &Purpose) -> bool {
    matches!(purpose, Purpose::Finals { .. })
}

impl Syncing {
    /// Asks a peer for its block at a height that we have, if that was not asked a moment ago.
    pub(crate) fn compare_at(&mut self, cx: &mut Context, peer: &PeerId, height: Height) {
        let (now, free) = (cx.now.mono_ms, self.may_request(cx, peer));
        let Some(known) = self.peers.get_mut(peer) else {
            return;
        };
        if height > Height::ZERO && known.compare_after_ms <= now && free {
            known.compare_after_ms = now.saturating_add(PAUSE_MS);
            self.ask_to_compare(cx, peer, (Height::ZERO, height), height);
        }
    }

    pub(crate) fn ask_to_compare(
        &mut self,
        cx: &mut Context,
        peer: &PeerId,
        between: (Height, Height),
        from: Height,
    ) {
        let purpose = Purpose::Compare { between, from };
        self.request(cx, peer, purpose, Request::Finals { from });
    }

    /// When another peer is to be asked.
    pub(crate) fn finals_times(&self) -> impl Iterator<Item = u64> {
        self.requests.open().filter_map(|it| match it.purpose {
            Purpose::Finals { asked_ms, .. } => Some(asked_ms.saturating_add(PATIENCE_MS)),
            _ => None,
        })
    }

    /// Notes that a peer gave blocks up to the tip, and tells.
    pub(crate) fn gave_final(&mut self, cx: &mut Context, height: Height, from: &PeerId) {
        let mut target_height = height;
        if let Some(peer) = self.peers.get_mut(from) {
            peer.bodies = Failures::default();
            let theirs = peer.status.as_ref().map(|status| status.tip.height);
            target_height = height.max(theirs.unwrap_or_default());
        }
        self.announced_sync = true;
        cx.emit(Event::SyncProgress {
            height,
            target_height,
            peer: Some(from.clone()),
        });
    }

    /// Whether blocks that others decided are on their way.
    pub(crate) fn fetches_finals(&self, cx: &Context) -> bool {
        cx.kind.is_certified() && self.requests.open().any(|it| is_finals(&it.purpose))
    }

    /// Asks somebody who stands higher for the next blocks.
    pub(crate) fn seek_certified(&mut self, cx: &mut Context, chain: &mut Chain) {
        if self.seek_named(cx, chain) {
            return;
        }
        let now = cx.now.mono_ms;
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
            peer.says(|status| status.tip.height > chain.tip().height)
                && peer.grace_until_ms <= now
                && peer.bodies.may_be_asked(now)
                && self.asked_of(id, is_finals) == 0
                && self.may_request(cx, id)
        });
        let first = ahead.min_by_key(|(id, peer)| (peer.bodies.count, peer.turn, *id));
        let Some(peer) = first.map(|(id, _)| id.clone()) else {
            return;
        };
        let from = chain.tip().height.next();
        let purpose = Purpose::Finals {
            asked_ms: now,
            from,
        };
        self.request(cx, &peer, purpose, Request::Finals { from });
        self.took_turn(&peer);
    }

    /// Compares histories with a peer that says it has another block than ours at a height that we have.
    pub(crate) fn compare_height(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        peer: &PeerId,
        status: &Status,
    ) -> Result<(), StoreError> {
        let here = (Height(1)..=chain.tip().height).contains(&status.tip.height);
        if !here {
            return Ok(());
        }
        let ours = chain.snapshot()?.hash_at(status.tip.height)?;
        if ours != Some(status.tip.hash) {
            self.compare_at(cx, peer, status.tip.height);
        }
        Ok(())
    }
}
