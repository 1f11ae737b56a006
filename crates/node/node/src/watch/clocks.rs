//! What is said of this machine's clock.

use std::{
    sync::PoisonError,
    time::{Duration, Instant},
};

use bolao_api::{SyncState, SyncStatus, clock_in_doubt};
use bolao_chain::{ClockDoubt, Clocks, MissingCheckpoint};

use jiff::SignedDuration;

use super::Watch;

/// Peers whose clocks disagree, or that come and go, would fill the log.
const BETWEEN_WARNINGS: Duration = Duration::from_mins(1);

/// The last comparison of the clocks, and the time when one was last written to the log.
#[derive(Debug, Default)]
pub(super) struct Seen {
    clocks: Clocks,
    logged: Option<Instant>,
}

impl Watch {
    /// Corrects the status: a node with peers that have blocks that wait, or with too few blocks for the invitation, is not up to
    /// date.
    pub(super) fn by_the_clocks(&self, mut sync: SyncStatus) -> SyncStatus {
        let clocks = self
            .clocks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clocks;
        sync.clock_ahead_s = clocks.ahead_s;
        sync.clock_agrees = clocks.agrees;
        sync.clock_doubt = clocks.doubt;
        if clocks.held_back && sync.state == SyncState::Synced {
            sync.state = SyncState::HeldBack;
        }
        let invited = *self.invited.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(MissingCheckpoint {
            block,
            is_elsewhere,
        }) = invited
            && sync.state == SyncState::Synced
            && sync.blocks < block.height
        {
            sync.state = if is_elsewhere {
                SyncState::NamedElsewhere
            } else {
                SyncState::NamedMissing
            };
            sync.target = block.height;
        }
        sync
    }

    /// The final block that an invitation names is sought, or no more.
    pub(super) fn seek(&self, invited: Option<MissingCheckpoint>) {
        *self.invited.lock().unwrap_or_else(PoisonError::into_inner) = invited;
        self.set_sync(|_| {});
    }

    pub(super) fn compare_clocks(&self, clocks: Clocks) {
        let mut seen = self.clocks.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut seen.clocks, clocks);
        log_doubt(before.doubt, clocks.doubt);
        let changed = before.ahead_s != clocks.ahead_s;
        let logs = changed
            && seen
                .logged
                .is_none_or(|at| at.elapsed() >= BETWEEN_WARNINGS);
        if logs {
            seen.logged = Some(Instant::now());
        }
        drop(seen);
        match clocks.ahead_s {
            Some(ahead_s) if logs => tracing::warn!(
                ahead_s,
                "this machine's clock differs from most peers' clocks: set it, because deadlines and blocks depend \
                on it"
            ),
            None if logs => {
                tracing::info!("this machine's clock agrees with most peers' clocks again");
            }
            _ => {}
        }
        if clocks.held_back && !before.held_back {
            tracing::warn!(
                "a peer has blocks that lie in the future by this machine's clock: they wait"
            );
        }
        self.set_sync(|_| {});
    }
}

/// Logs a doubt about the clock that begins, or of which other witnesses are heard, and its end: in between this node makes no block.
fn log_doubt(before: Option<ClockDoubt>, now: Option<ClockDoubt>) {
    let said = |it: ClockDoubt| (it.cause, it.synchronised, it.dates, it.players);
    match now {
        Some(doubt) if before.map(said) != now.map(said) => {
            let by_s = doubt.ahead_s.unsigned_abs();
            let by_s = if by_s < 60 { by_s } else { by_s / 60 * 60 };
            let by = SignedDuration::from_secs(by_s.cast_signed());
            let sentence = clock_in_doubt(&doubt, &format!("{by:#}")).text;
            tracing::warn!("{sentence}");
        }
        None if before.is_some() => {
            tracing::info!("this machine's clock is beyond doubt again: blocks are made");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::{BlockHash, BlockId, Genesis, Height};
    use bolao_store::Store;

    use super::*;
    use crate::reach::reports::PeerReports;

    #[test]
    fn without_the_block_that_the_invitation_names_the_node_is_not_up_to_date() {
        let store = Store::in_memory(&Genesis::article()).unwrap();
        let watch = Watch::new(
            store.reader(),
            PeerReports::new(&Genesis::article()),
            &[0; 32],
        )
        .unwrap();
        assert_eq!(watch.sync(false).state, SyncState::Synced);
        let (height, hash) = (Height(7), BlockHash([7; 32]));
        for (is_elsewhere, state) in [
            (false, SyncState::NamedMissing),
            (true, SyncState::NamedElsewhere),
        ] {
            watch.seek(Some(MissingCheckpoint {
                block: BlockId { height, hash },
                is_elsewhere,
            }));
            let sync = watch.sync(false);
            assert_eq!((sync.state, sync.target), (state, height));
            assert_eq!(watch.sync(true).state, SyncState::Alone);
        }
        watch.seek(None);
        assert_eq!(watch.sync(false).state, SyncState::Synced);
    }

    #[test]
    fn while_peers_have_blocks_that_wait_for_the_clock_the_node_is_not_up_to_date() {
        let store = Store::in_memory(&Genesis::article()).unwrap();
        let watch = Watch::new(
            store.reader(),
            PeerReports::new(&Genesis::article()),
            &[0; 32],
        )
        .unwrap();
        assert_eq!(watch.sync(false).state, SyncState::Synced);
        watch.compare_clocks(Clocks {
            ahead_s: Some(-600),
            held_back: true,
            ..Clocks::default()
        });
        let sync = watch.sync(false);
        assert_eq!(sync.state, SyncState::HeldBack);
        assert_eq!(sync.clock_ahead_s, Some(-600));
        assert_eq!(watch.sync(true).state, SyncState::Alone);
        watch.compare_clocks(Clocks::default());
        assert_eq!(watch.sync(false).state, SyncState::Synced);
    }
}
