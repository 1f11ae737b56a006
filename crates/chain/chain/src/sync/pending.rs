//! Healing the mempools: of peers on the same tip whose digests differ, each asks the other for what it lacks.
//!
//! Nothing is sent unasked, so a peer that names ever other digests gains nothing by it.

use bolao_ledger::TxId;

use super::Purpose;
use crate::{
    core::Core,
    error::CoreError,
    io::PeerId,
    wire::{MAX_PENDING_IDS, MAX_TRANSACTIONS, Request},
};

/// When two mempools are compared again, in milliseconds.
const COMPARE_MS: u64 = 1_000;
/// When two mempools that differ for good, since each holds what the other refuses, are compared again.
const COMPARE_AGAIN_MS: u64 = 30_000;

impl Core {
    /// Asks a peer on our tip what waits there, if that is not what waits here.
    pub(crate) fn compare_pending(&mut self, peer: &PeerId, theirs: [u8; 32]) {
        let ours = self.mempool.digest();
        let now = self.now.mono_ms;
        if theirs == ours || !self.may_request(peer) {
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
            self.request(peer, Purpose::PendingIds, Request::PendingIds {});
        }
    }

    pub(crate) fn on_pending_ids(&mut self, peer: &PeerId, ids: &[TxId]) -> Result<(), CoreError> {
        let snapshot = self.snapshot()?;
        let mut wanted = Vec::new();
        for id in ids.iter().take(MAX_PENDING_IDS) {
            if self.mempool.get(id).is_none()
                && !self.mempool.is_forgotten(id, self.now.mono_ms)
                && snapshot.transaction(id)?.is_none()
            {
                wanted.push(*id);
            }
        }
        self.ask_transactions(peer, &wanted);
        Ok(())
    }

    /// Asks a peer for these, as many at once as it gives.
    pub(super) fn ask_transactions(&mut self, peer: &PeerId, wanted: &[TxId]) {
        let (ids, rest) = wanted.split_at(wanted.len().min(MAX_TRANSACTIONS));
        if !ids.is_empty() && self.may_request(peer) {
            let (ids, rest) = (ids.to_vec(), rest.to_vec());
            let purpose = Purpose::Transactions { rest };
            self.request(peer, purpose, Request::Transactions { ids });
        }
    }
}
