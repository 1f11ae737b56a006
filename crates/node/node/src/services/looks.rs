//! The looks at the chain of those who tell people what it holds: with each new block, and twice a minute.

use std::time::Duration;

use bolao_api::SyncState;
use bolao_chain::Event;
use tokio::{
    sync::{Notify, broadcast::Receiver},
    time::{Interval, MissedTickBehavior, interval, sleep},
};

use super::pending_signatures::next_tip;
use crate::pool::Pool;

/// The time between two looks though no block comes: deadlines draw near by time alone.
const AGAIN: Duration = Duration::from_secs(30);
/// The time for which blocks that come together are waited for.
const SETTLES: Duration = Duration::from_secs(1);

/// The looks at a pool's chain.
pub(super) struct Looks {
    pool: Pool,
    events: Receiver<Event>,
    again: Interval,
}

impl Looks {
    /// From now on. Tips of the time when this node was off may be with its peers, so it catches up first.
    pub(super) async fn begin(pool: Pool) -> Self {
        let events = pool.engine.events();
        pool.caught_up().await;
        let mut again = interval(AGAIN);
        again.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            pool,
            events,
            again,
        }
    }

    /// Waits for the next, or until it is wanted at once. There is none while the node catches up: it would tell of what is long over.
    pub(super) async fn next(&mut self, wanted: &Notify) {
        loop {
            tokio::select! {
                () = next_tip(&mut self.events) => {
                    sleep(SETTLES).await;
                    // Whatever came meanwhile is looked at at once.
                    self.events = self.events.resubscribe();
                }
                () = wanted.notified() => {}
                _ = self.again.tick() => {}
            }
            let alone = self.pool.network.peers().is_empty();
            let state = self.pool.watch.sync(alone).state;
            if !matches!(state, SyncState::Headers | SyncState::Blocks) {
                return;
            }
        }
    }
}
