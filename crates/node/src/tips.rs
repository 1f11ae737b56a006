//! The tips that peers reported last, for people to look at.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bolao_chain::Status;
use bolao_ledger::{BlockHash, Height};
use bolao_network::PeerId;

/// The last tip of each connected peer. Cheap to clone; bounded by the number of connected peers.
#[derive(Clone, Debug, Default)]
pub(crate) struct PeerTips(Arc<Mutex<BTreeMap<PeerId, (BlockHash, Height)>>>);

impl PeerTips {
    pub(crate) fn heard(&self, peer: PeerId, status: &Status) {
        self.map().insert(peer, (status.tip, status.height));
    }

    pub(crate) fn forget(&self, peer: &PeerId) {
        self.map().remove(peer);
    }

    pub(crate) fn of(&self, peer: &PeerId) -> Option<(BlockHash, Height)> {
        self.map().get(peer).copied()
    }

    /// The height of the highest one.
    pub(crate) fn highest(&self) -> Option<Height> {
        self.map().values().map(|(_, height)| *height).max()
    }

    fn map(&self) -> MutexGuard<'_, BTreeMap<PeerId, (BlockHash, Height)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
