//! The failures of a peer: how often in a row it did not give what it promised, and until when it is left alone for that.

/// The time for which a peer that did not give what it promised is not asked again, in milliseconds; twice as long with each
/// further time, up to [`MAX_DOUBLINGS`] doublings.
pub(super) const BACKOFF_MS: u64 = 5_000;
const MAX_DOUBLINGS: u32 = 7;
/// The most silences in a row that a new connection makes good, since the last one was broken: the peer is asked at once. One that
/// stays silent on new connections, too, is left alone as long as any other.
const BROKEN_OFF: u32 = 2;

/// The number of times in a row that a peer did not give what it promised.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Failures {
    pub(crate) count: u32,
    pub(super) until_ms: u64,
    /// The last time it did not answer at all, perhaps because its connection was broken.
    silent: bool,
}

impl Failures {
    pub(crate) fn failed(&mut self, now_ms: u64) {
        let doublings = self.count.min(MAX_DOUBLINGS);
        self.count = self.count.saturating_add(1);
        self.until_ms = now_ms.saturating_add(BACKOFF_MS << doublings);
        self.silent = false;
    }

    /// Notes that it did not answer.
    ///
    /// Requests that were under way together end together: those that end while it is left alone for a silence are no further one.
    pub(crate) fn silent(&mut self, now_ms: u64) {
        if self.silent && !self.may_be_asked(now_ms) {
            return;
        }
        self.failed(now_ms);
        self.silent = true;
    }

    /// These on a new connection, which may answer what the last one did not.
    pub(super) fn reconnected(self) -> Self {
        let is_broken_off = self.silent && self.count <= BROKEN_OFF;
        let until_ms = if is_broken_off { 0 } else { self.until_ms };
        Self { until_ms, ..self }
    }

    /// Leaves it alone for a while without counting that as a failure.
    pub(super) fn rest(&mut self, now_ms: u64, ms: u64) {
        self.until_ms = now_ms.saturating_add(ms);
    }

    pub(crate) fn may_be_asked(self, now_ms: u64) -> bool {
        self.until_ms <= now_ms
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::{Genesis, Height};

    use super::*;
    use crate::{
        io::PeerId,
        sync::{Purpose, Syncing},
        tests::parts,
        wire::Request,
    };

    #[test]
    fn who_failed_and_comes_back_is_remembered_until_all_is_forgiven() {
        let mut parts = parts(&Genesis::article());
        let (cx, sync) = (&parts.cx, &mut parts.sync);
        let peer = PeerId::from("a");
        sync.on_connected(cx, peer.clone(), false);
        sync.gave_nothing(cx, &peer);
        sync.lose_peer(cx, &peer);
        assert!(sync.peers().is_empty());
        sync.on_connected(cx, peer.clone(), false);
        let failures = |sync: &Syncing| sync.peers()[&peer].bodies;
        assert_eq!(failures(sync).count, 1);
        assert!(!failures(sync).may_be_asked(cx.now.mono_ms));
        sync.forgive();
        assert!(failures(sync).may_be_asked(cx.now.mono_ms));
    }

    #[test]
    fn who_was_silent_is_asked_as_soon_as_it_is_connected_again() {
        let mut parts = parts(&Genesis::article());
        let (cx, sync) = (&mut parts.cx, &mut parts.sync);
        let peer = PeerId::from("a");
        sync.on_connected(cx, peer.clone(), false);
        let bodies = |sync: &Syncing| sync.peers()[&peer].bodies;
        let from = Height(1);
        for times in 1..=BROKEN_OFF + 1 {
            let purpose = Purpose::Finals { asked_ms: 0, from };
            sync.request(cx, &peer, purpose.clone(), Request::Finals { from });
            sync.request(cx, &peer, purpose, Request::Finals { from });
            cx.now.mono_ms += cx.config.request_timeout_ms;
            sync.time_out_requests(cx);
            assert!(!bodies(sync).may_be_asked(cx.now.mono_ms), "a moment ago");
            sync.lose_peer(cx, &peer);
            sync.on_connected(cx, peer.clone(), false);
            let at_once = bodies(sync).may_be_asked(cx.now.mono_ms);
            assert_eq!(at_once, times <= BROKEN_OFF, "{times} times");
            assert_eq!(bodies(sync).count, times, "others are asked before it");
        }
        sync.forgive();
        sync.gave_nothing(cx, &peer);
        sync.lose_peer(cx, &peer);
        sync.on_connected(cx, peer.clone(), false);
        assert!(!bodies(sync).may_be_asked(cx.now.mono_ms), "it answered");
    }
}
