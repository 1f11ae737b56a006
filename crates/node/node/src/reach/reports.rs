//! What peers reported last of their chains and clocks, for people to look at.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bolao_chain::{Status, most_clocks_differ_s};
use bolao_ledger::{BlockId, Genesis, Height, UnixSeconds};
use bolao_network::PeerId;

/// The last status of each connected peer. Cheap to clone; bounded by the number of connected peers.
#[derive(Clone, Debug)]
pub(crate) struct PeerReports {
    last: Arc<Mutex<BTreeMap<PeerId, Report>>>,
    most_clocks_differ_s: u64,
}

/// The last report of a peer.
#[derive(Clone, Copy, Debug)]
struct Report {
    tip: BlockId,
    /// The number of seconds by which its clock is ahead of this machine's, if that is worth a word.
    clock_ahead_s: Option<i64>,
}

impl PeerReports {
    pub(crate) fn new(genesis: &Genesis) -> Self {
        Self {
            last: Arc::default(),
            most_clocks_differ_s: most_clocks_differ_s(genesis),
        }
    }

    pub(crate) fn heard(&self, peer: PeerId, status: &Status, now: UnixSeconds) {
        let ahead_s = status.clock_ahead_s(now);
        let clock_ahead_s = ahead_s.filter(|it| it.unsigned_abs() > self.most_clocks_differ_s);
        let report = Report {
            tip: status.tip,
            clock_ahead_s,
        };
        let before = self.map().insert(peer, report);
        if let Some(ahead_s) = clock_ahead_s
            && before.is_none_or(|before| before.clock_ahead_s.is_none())
        {
            tracing::warn!(%peer, ahead_s, "a peer's clock differs from this machine's: one of the two is wrong");
        }
    }

    pub(crate) fn forget(&self, peer: &PeerId) {
        self.map().remove(peer);
    }

    pub(crate) fn of(&self, peer: &PeerId) -> Option<BlockId> {
        self.map().get(peer).map(|report| report.tip)
    }

    /// The number of seconds by which the peer's clock is ahead of this machine's, negative if it is behind; none if they agree
    /// as far as the pool's rules want, or it did not say.
    pub(crate) fn clock_ahead_s(&self, peer: &PeerId) -> Option<i64> {
        self.map().get(peer)?.clock_ahead_s
    }

    /// The height of the highest one.
    pub(crate) fn highest(&self) -> Option<Height> {
        self.map().values().map(|report| report.tip.height).max()
    }

    fn map(&self) -> MutexGuard<'_, BTreeMap<PeerId, Report>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::{BlockHash, Work};

    use super::*;

    #[test]
    fn a_peer_whose_clock_is_off_is_named_and_one_that_gives_no_time_is_not() {
        let genesis = Genesis::article();
        let reports = PeerReports::new(&genesis);
        let now = UnixSeconds(1_800_000_000);
        let peer: PeerId = "12D3KooWGQmdpzHXCqLno4mMxWXKNFQHASBeF99gTm2JR8Vu5Bdc"
            .parse()
            .unwrap();
        let said = |time| Status {
            pool: genesis.pool_id(),
            tip: BlockId {
                height: Height(3),
                hash: BlockHash([7; 32]),
            },
            work: Work::from_be_bytes([0; 32]),
            time,
            pending_digest: [0; 32],
        };
        for (time, ahead_s) in [
            (1_800_000_060, None),
            (1_800_000_062, Some(62)),
            (1_799_999_938, Some(-62)),
            (7, None),
        ] {
            reports.heard(peer, &said(time), now);
            assert_eq!(reports.clock_ahead_s(&peer), ahead_s, "{time}");
        }
        reports.heard(peer, &said(1_800_000_062), now);
        reports.forget(&peer);
        assert_eq!(reports.clock_ahead_s(&peer), None);
    }
}
