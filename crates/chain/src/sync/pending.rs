//! Healing the mempools: peers on the same tip whose digests differ exchange what the other lacks.

use std::collections::BTreeSet;

use bolao_ledger::TxId;

use super::{Purpose, count_of};
use crate::{
    core::Core,
    error::CoreError,
    io::PeerId,
    wire::{MAX_TRANSACTIONS, Request},
};

/// When two mempools that differ for good, since each holds what the other refuses, are compared again.
const COMPARE_AGAIN_MS: u64 = 30_000;
/// The most transactions pushed after one comparison.
const MAX_HEALED: usize = 2_048;

impl Core {
    /// Asks a peer on our tip what waits there, if that is not what waits here.
    pub(crate) fn compare_pending(&mut self, peer: &PeerId, theirs: [u8; 32]) {
        let ours = self.mempool.digest();
        let now = self.now.mono_ms;
        let Some(known) = self.peers.get_mut(peer).filter(|_| theirs != ours) else {
            return;
        };
        let again = known.compared.is_none_or(|(a, b, at)| {
            (a, b) != (ours, theirs) || now.saturating_sub(at) >= COMPARE_AGAIN_MS
        });
        let busy = count_of(&self.in_flight, peer, |purpose| {
            matches!(purpose, Purpose::PendingIds | Purpose::Transactions)
        });
        if again && busy == 0 {
            known.compared = Some((ours, theirs, now));
            self.request(peer, Purpose::PendingIds, Request::PendingIds {});
        }
    }

    pub(crate) fn on_pending_ids(&mut self, peer: &PeerId, ids: &[TxId]) -> Result<(), CoreError> {
        let snapshot = self.snapshot()?;
        let mut wanted = Vec::new();
        for id in ids {
            if wanted.len() < MAX_TRANSACTIONS
                && self.mempool.get(id).is_none()
                && snapshot.transaction(id)?.is_none()
            {
                wanted.push(*id);
            }
        }
        drop(snapshot);
        let theirs: BTreeSet<&TxId> = ids.iter().collect();
        let lacking: Vec<_> = self
            .mempool
            .in_order()
            .filter(|transaction| !theirs.contains(&transaction.id()))
            .take(MAX_HEALED)
            .map(|transaction| transaction.get().clone())
            .collect();
        if !wanted.is_empty() {
            let request = Request::Transactions { ids: wanted };
            self.request(peer, Purpose::Transactions, request);
        }
        self.push_transactions(peer, lacking);
        Ok(())
    }
}
