//! Reminders to one place of the operator's, such as a chat or ntfy: the names of those without a tip, shortly before betting ends.
//!
//! - Matches on which betting ends at the same time are one message. Nobody lacks a tip: there is no message.
//! - Each is sent until it has arrived or betting ends, every few minutes at last, and then not again: that is on the disk. A place that
//!   refuses one is tried again once the node starts anew, perhaps with another address.
//! - Before each try it is read again who lacks a tip.
//! - The address is a secret of the operator's, and stands in no log.

mod message;
mod place;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use backon::{ExponentialBuilder, Retryable as _};
use bolao_answers::Game;
use bolao_api::SyncState;
use bolao_chain::Event;
use bolao_ledger::UnixSeconds;
use bolao_network::NetworkHandle;
use bolao_store::{Reader, StoreError};
use jiff::tz::TimeZone;
use tokio::{
    sync::{Mutex, broadcast::Receiver},
    task::{JoinSet, spawn_blocking},
    time::{MissedTickBehavior, interval, sleep},
};

use crate::{
    config::NodeConfig,
    engine::{Engine, now},
    home::{Home, HomeError},
    pool::Pool,
    serve::watch::Watch,
    services::{
        Services, joining::caught_up, missing_tips::closing, outgoing, pending_signatures::next_tip,
    },
};
use message::Reminder;
use place::{Place, SendError};
pub use place::{RemindAs, RemindConfig, RemindUrl};

/// The file of the ends of betting of which it was told who lacks a tip.
pub(crate) const REMINDERS: &str = "reminders.json";
/// The time between two looks though no block comes: deadlines draw near by time alone.
const AGAIN: Duration = Duration::from_secs(30);
/// The time for which blocks that come together are waited for.
const SETTLES: Duration = Duration::from_secs(1);
/// The time for which it is kept that a message was sent, after betting ended, in seconds.
const KEPT_S: u64 = 24 * 3_600;
/// The most messages that are on their way.
const MOST_SENDING: usize = 100;

/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// The ends of betting of which it was told who lacks a tip.
pub(crate) type Told = BTreeSet<UnixSeconds>;

/// The node's way to the place, and what was told there. Cheap to clone.
#[derive(Clone)]
struct Remind(Arc<Inner>);

struct Inner {
    home: Home,
    reader: Reader,
    place: Place,
    /// The time before betting ends, in seconds.
    before_s: u64,
    zone: TimeZone,
    page: Option<String>,
    told: Mutex<Told>,
    /// Those on their way, and those that the place would not have.
    tried: Mutex<Told>,
}

/// Why a look did not come to its end.
#[derive(Debug, thiserror::Error)]
enum LookError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error("the look died")]
    Died,
}

/// Reminds from now on, where the operator wants it.
pub(crate) fn spawn(
    config: &NodeConfig,
    home: &Home,
    pool: &Pool,
    tasks: &mut Services,
) -> Result<(), HomeError> {
    let Some(wanted) = &config.remind else {
        return Ok(());
    };
    let place = match Place::new(wanted) {
        Ok(place) => place,
        Err(problem) => {
            tracing::error!("nobody is reminded of bets: {problem}");
            return Ok(());
        }
    };
    let zone = home.profile()?.zone;
    let zone = zone.and_then(|zone| TimeZone::get(&zone).ok());
    let remind = Remind(Arc::new(Inner {
        told: Mutex::new(home.read_json(REMINDERS)?.unwrap_or_default()),
        tried: Mutex::default(),
        home: home.clone(),
        reader: pool.reader.clone(),
        place,
        before_s: wanted.before.as_secs(),
        zone: zone.unwrap_or_else(TimeZone::system),
        page: config.chosen_page_url(),
    }));
    let (engine, watch, network) = (
        pool.engine.clone(),
        pool.watch.clone(),
        pool.network.clone(),
    );
    tasks.spawn_until("reminders", remind.run(engine, watch, network));
    Ok(())
}

impl Remind {
    /// Looks with each new block and twice a minute, until the node stops.
    async fn run(self, engine: Engine, watch: Watch, network: NetworkHandle) {
        let mut events: Receiver<Event> = engine.events();
        // Tips of the time when this node was off may be with its peers.
        caught_up(&engine, &network).await;
        let mut again = interval(AGAIN);
        again.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut sending = JoinSet::new();
        loop {
            tokio::select! {
                () = next_tip(&mut events) => {
                    sleep(SETTLES).await;
                    events = events.resubscribe();
                }
                _ = again.tick() => {}
            }
            while sending.try_join_next().is_some() {}
            let state = watch.sync(network.peers().is_empty()).state;
            if matches!(state, SyncState::Headers | SyncState::Blocks)
                || sending.len() >= MOST_SENDING
            {
                continue;
            }
            match self.due().await {
                Ok(due) => due.into_iter().for_each(|closes| {
                    sending.spawn(self.clone().tell(closes));
                }),
                Err(error) => tracing::error!(%error, "nobody is reminded of bets"),
            }
        }
    }

    /// The ends of betting that are to be told now. From then on they are on their way.
    async fn due(&self) -> Result<Vec<UnixSeconds>, LookError> {
        let inner = Arc::clone(&self.0);
        let looked = spawn_blocking(move || {
            let now = now().unix;
            let told = inner.told.blocking_lock();
            let mut tried = inner.tried.blocking_lock();
            let snapshot = inner.reader.snapshot()?;
            let games = Game::all(&snapshot, &inner.reader.genesis().rules)?;
            let mut due = Vec::new();
            for (closes, games) in closing(&games, now, inner.before_s) {
                let is_new = !told.contains(&closes) && !tried.contains(&closes);
                if is_new && inner.reminder(&snapshot, closes, &games)?.is_some() {
                    tried.insert(closes);
                    due.push(closes);
                }
            }
            Ok(due)
        });
        looked.await.unwrap_or(Err(LookError::Died))
    }

    /// Keeps that an end of betting was told.
    async fn arrived(&self, closes: UnixSeconds) -> Result<(), LookError> {
        let inner = Arc::clone(&self.0);
        let kept = spawn_blocking(move || {
            let mut told = inner.told.blocking_lock();
            told.retain(|closes| closes.0.saturating_add(KEPT_S) > now().unix.0);
            told.insert(closes);
            Ok(inner.home.write_json(REMINDERS, &*told, 0o644)?)
        });
        kept.await.unwrap_or(Err(LookError::Died))
    }

    /// The message of an end of betting, as it is now; none where that has passed or nobody lacks a tip any more.
    async fn message(&self, closes: UnixSeconds) -> Result<Option<Reminder>, LookError> {
        let inner = Arc::clone(&self.0);
        let read = spawn_blocking(move || {
            let snapshot = inner.reader.snapshot()?;
            let games = Game::all(&snapshot, &inner.reader.genesis().rules)?;
            let mut near = closing(&games, now().unix, u64::MAX);
            let games = near.remove(&closes).unwrap_or_default();
            Ok(inner.reminder(&snapshot, closes, &games)?)
        });
        read.await.unwrap_or(Err(LookError::Died))
    }

    /// Sends until the place takes it, or there is nothing to tell any more.
    async fn tell(self, closes: UnixSeconds) {
        let send = async || {
            let message = self.message(closes).await;
            match message.map_err(|error| SendError::Refused(error.to_string()))? {
                Some(message) => self.0.place.send(&message).await,
                None => Ok(()),
            }
        };
        let host = self.0.place.host();
        let sent = send
            .retry(waits())
            .sleep(sleep)
            .when(|error| matches!(error, SendError::Later(_)))
            .notify(|error, wait| {
                tracing::warn!(%error, host, ?wait, "a reminder of bets has not arrived and will be tried again");
            })
            .await;
        match sent {
            Ok(()) => {
                if let Err(error) = self.arrived(closes).await {
                    tracing::error!(%error, "a reminder of bets may be sent again");
                }
            }
            Err(error) => tracing::warn!(%error, host, "a reminder of bets did not arrive"),
        }
    }
}

/// The waits between tries, without an end: the message ends them, once there is none.
fn waits() -> ExponentialBuilder {
    outgoing::waits()
        .with_max_delay(LONGEST_WAIT)
        .without_max_times()
}

impl Inner {
    fn reminder(
        &self,
        snapshot: &bolao_store::Snapshot,
        closes: UnixSeconds,
        games: &[&Game],
    ) -> Result<Option<Reminder>, StoreError> {
        let reminder = Reminder::read(snapshot, closes, games, &self.zone)?;
        Ok(reminder.map(|it| Reminder {
            pool: self.reader.genesis().name.to_string(),
            page: self.page.clone(),
            ..it
        }))
    }
}

#[cfg(test)]
mod tests {
    use backon::BackoffBuilder as _;

    use super::*;

    /// A place that is away for a day gets a reminder of two days before minutes after it is back.
    #[test]
    fn a_place_that_is_away_for_long_is_tried_until_betting_ends() {
        let away = Duration::from_hours(24);
        let mut passed = Duration::ZERO;
        for wait in waits().build() {
            // Up to as much again by chance.
            assert!(wait <= LONGEST_WAIT * 2, "{wait:?}");
            passed += wait;
            if passed > away {
                return;
            }
        }
        panic!("the last try came after {passed:?}");
    }
}
