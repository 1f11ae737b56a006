//! Healing the mempools: of peers on the same tip whose digests differ, each asks the other for what it lacks.
//!
//! - Who has come to a tip on which a peer already stood, or asked it from another, tells it again at once: only on one tip can they
//!   compare.
//! - What was learnt so, if it is not much, is pushed to the other peers, but for those who said that the same waits there as
//!   where it came from. Links that return would else bring it further only by one comparison for each link of the way.
//! - To the peer itself nothing is sent unasked, so one that names ever other digests gains nothing by it.

use bolao_ledger::TxId;

use super::Purpose;
use crate::{
    chain::Chain,
    context::Context,
    error::CoreError,
    io::{Item, PeerId},
    sync::Syncing,
    wire::{MAX_PENDING_IDS, MAX_TRANSACTIONS, Request},
};

/// When two mempools are compared again, in milliseconds.
const COMPARE_MS: u64 = 1_000;
/// When two mempools that differ for good, since each holds what the other refuses, are compared again.
const COMPARE_AGAIN_MS: u64 = 30_000;
/// No more transactions than these are passed on without another comparison.
const MAX_PASSED_ON: usize = 64;

impl Syncing {
    /// Asks a peer on our tip what waits there, if that is not what waits here.
    pub(crate) fn compare_pending(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        peer: &PeerId,
        theirs: [u8; 32],
    ) {
        let ours = chain.mempool().digest();
        let now = cx.now.mono_ms;
        if theirs == ours || !self.may_request(cx, peer) {
            return;
        }
        let busy = self.asked_of(peer, |purpose| {
            matches!(purpose, Purpose::PendingIds | Purpose::Transactions { .. })
        });
        let Some(known) = self.peers.get_mut(peer).filter(|_| busy == 0) else {
            return;
        };
        let again = known.compared.is_none_or(|(a, b, at)| {
            let pause = if (a, b) == (ours, theirs) {
                COMPARE_AGAIN_MS
            } else {
                COMPARE_MS
            };
            now.saturating_sub(at) >= pause
        });
        if again {
            known.compared = Some((ours, theirs, now));
            self.request(cx, peer, Purpose::PendingIds, Request::PendingIds {});
        }
    }

    pub(crate) fn on_pending_ids(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        peer: &PeerId,
        ids: &[TxId],
    ) -> Result<(), CoreError> {
        let snapshot = chain.snapshot()?;
        let mut wanted = Vec::new();
        for id in ids.iter().take(MAX_PENDING_IDS) {
            if chain.mempool().get(id).is_none()
                && !chain.mempool().is_forgotten(id, cx.now.mono_ms)
                && snapshot.transaction(id)?.is_none()
            {
                wanted.push(*id);
            }
        }
        self.ask_transactions(cx, peer, &wanted);
        Ok(())
    }

    /// Pushes what a peer gave that is new here to the others, if it is not much; not to those where the same waits as there.
    pub(crate) fn pass_on(&mut self, cx: &Context, from: &PeerId, ids: &[TxId]) {
        let status = self.peers.get(from).and_then(|it| it.status.as_ref());
        let few = ids.len() <= MAX_PASSED_ON;
        let Some(theirs) = status.map(|it| it.pending_digest).filter(|_| few) else {
            return;
        };
        let others = self.peers.iter_mut().filter(|(id, peer)| {
            *id != from && !peer.is_stranger && peer.says(|it| it.pending_digest != theirs)
        });
        for (_, peer) in others.take(cx.config.push_peers) {
            for id in ids {
                peer.queue.put(Item::Transaction(*id));
            }
        }
    }

    /// Asks a peer for these, as many at once as it gives.
    pub(crate) fn ask_transactions(&mut self, cx: &mut Context, peer: &PeerId, wanted: &[TxId]) {
        let (ids, rest) = wanted.split_at(wanted.len().min(MAX_TRANSACTIONS));
        if !ids.is_empty() && self.may_request(cx, peer) {
            let (ids, rest) = (ids.to_vec(), rest.to_vec());
            let purpose = Purpose::Transactions { rest };
            self.request(cx, peer, purpose, Request::Transactions { ids });
        }
    }
}
