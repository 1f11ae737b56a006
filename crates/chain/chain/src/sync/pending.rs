//! Healing the mempools: of peers on the same tip whose digests differ, each asks the other for what it lacks.
//!
//! Nothing is sent unasked, so a peer that names ever other digests gains nothing by it.

use bolao_ledger::TxId;

use super::Purpose;
use crate::{
    chain::Chain,
    core::Context,
    error::CoreError,
    io::PeerId,
    sync::Syncing,
    wire::{MAX_PENDING_IDS, MAX_TRANSACTIONS, Request},
};

/// When two mempools are compared again, in milliseconds.
const COMPARE_MS: u64 = 1_000;
/// When two mempools that differ for good, since each holds what the other refuses, are compared again.
const COMPARE_AGAIN_MS: u64 = 30_000;

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
