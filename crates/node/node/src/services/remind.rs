//! Reminders to one place of the operator's, such as a chat or ntfy: the names of those without a tip, shortly before betting ends.
//!
//! - What takes bets until the same time is one message. Nobody lacks a tip: there is no message.
//! - Each is sent until it has arrived or betting ends, every few minutes at last, and then not again: that is on the disk. A place that
//!   refuses one is tried again once the node starts anew, perhaps with another address.
//! - Before each try it is read again who lacks a tip.
//! - The address is a secret of the operator's, and stands in no log.

mod message;
mod place;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use backon::{ExponentialBuilder, Retryable as _};
use bolao_ledger::{StateView as _, UnixSeconds};
use bolao_store::StoreError;
use jiff::tz::TimeZone;
use tokio::{
    sync::{Mutex, Notify},
    task::JoinSet,
    time::sleep,
};

use crate::{
    clock::now,
    error::StartError,
    home::{HomeError, files::REMINDERS},
    pool::Pool,
    services::{Service, blocking, looks::Looks, missing_tips::closing, outgoing},
};
use message::Reminder;
use place::{Place, SendError};
pub use place::{RemindAs, RemindConfig, RemindUrl};

/// The time for which it is kept that a message was sent, after betting ended, in seconds.
const KEPT_S: u64 = 24 * 3_600;
/// The most messages that are on their way.
const MOST_SENDING: usize = 100;

/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// The ends of betting of which it was told who lacks a tip.
pub(crate) type Told = BTreeSet<UnixSeconds>;

/// The node's way to the place, and what was told there.
pub(crate) struct Remind {
    pool: Pool,
    place: Place,
    /// The time before betting ends, in seconds.
    before_s: u64,
    zone: TimeZone,
    page: Option<String>,
    told: Mutex<Told>,
    /// Those on their way, and those that the place would not have.
    tried: Mutex<Told>,
}

impl Service for Arc<Remind> {
    async fn run(self, pool: Pool) {
        let (mut looks, mut sending) = (Looks::begin(pool).await, JoinSet::new());
        loop {
            looks.next(&Notify::const_new()).await;
            while sending.try_join_next().is_some() {}
            if sending.len() >= MOST_SENDING {
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
}

impl Remind {
    /// None where the operator wants no reminders.
    pub(crate) fn open(
        wanted: Option<&RemindConfig>,
        page: Option<String>,
        pool: &Pool,
    ) -> Result<Option<Arc<Self>>, HomeError> {
        let Some(wanted) = wanted else {
            return Ok(None);
        };
        let place = match Place::new(wanted) {
            Ok(place) => place,
            Err(problem) => {
                tracing::error!("nobody is reminded of bets: {problem}");
                return Ok(None);
            }
        };
        let zone = pool.home.profile()?.zone;
        let zone = zone.and_then(|zone| TimeZone::get(&zone).ok());
        Ok(Some(Arc::new(Self {
            told: Mutex::new(pool.home.read_json(REMINDERS)?),
            tried: Mutex::default(),
            pool: pool.clone(),
            place,
            before_s: wanted.before.as_secs(),
            zone: zone.unwrap_or_else(TimeZone::system),
            page,
        })))
    }

    /// The ends of betting that are to be told now. From then on they are on their way.
    async fn due(self: &Arc<Self>) -> Result<Vec<UnixSeconds>, StartError> {
        let remind = Arc::clone(self);
        blocking(move || {
            let told = remind.told.blocking_lock();
            let mut tried = remind.tried.blocking_lock();
            let is_new = |closes: &_| !told.contains(closes) && !tried.contains(closes);
            let due = remind.reminders(remind.before_s, is_new)?;
            tried.extend(due.keys());
            Ok(due.into_keys().collect())
        })
        .await
    }

    /// Keeps that an end of betting was told.
    async fn arrived(self: &Arc<Self>, closes: UnixSeconds) -> Result<(), StartError> {
        let remind = Arc::clone(self);
        blocking(move || {
            let mut told = remind.told.blocking_lock();
            told.retain(|closes| closes.0.saturating_add(KEPT_S) > now().unix.0);
            told.insert(closes);
            Ok(remind.pool.home.write_json(REMINDERS, &*told, 0o644)?)
        })
        .await
    }

    /// The message of an end of betting, as it is now; none where that has passed or nobody lacks a tip any more.
    async fn message(
        self: &Arc<Self>,
        closes: UnixSeconds,
    ) -> Result<Option<Reminder>, StartError> {
        let remind = Arc::clone(self);
        blocking(move || {
            let mut all = remind.reminders(u64::MAX, |it| *it == closes)?;
            Ok(all.remove(&closes))
        })
        .await
    }

    /// Sends until the place takes it, or there is nothing to tell any more.
    async fn tell(self: Arc<Self>, closes: UnixSeconds) {
        let send = async || {
            let message = self.message(closes).await;
            match message.map_err(|error| SendError::Refused(error.to_string()))? {
                Some(message) => self.place.send(&message).await,
                None => Ok(()),
            }
        };
        let host = self.place.host();
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

    /// The messages of wanted ends of betting within a time, as they are now.
    fn reminders(
        &self,
        within_s: u64,
        wanted: impl Fn(&UnixSeconds) -> bool,
    ) -> Result<BTreeMap<UnixSeconds, Reminder>, StoreError> {
        let (snapshot, genesis) = (self.pool.reader.snapshot()?, self.pool.reader.genesis());
        let items = snapshot.items()?;
        let mut near = closing(&items, &genesis.rules, now().unix, within_s);
        near.retain(|closes, _| wanted(closes));
        let mut reminders = BTreeMap::new();
        for (closes, items) in near {
            if let Some(reminder) = Reminder::read(&snapshot, closes, &items, &self.zone)? {
                let (pool, page) = (genesis.name.to_string(), self.page.clone());
                reminders.insert(
                    closes,
                    Reminder {
                        pool,
                        page,
                        ..reminder
                    },
                );
            }
        }
        Ok(reminders)
    }
}

/// The waits between tries, without an end: the message ends them, once there is none.
fn waits() -> ExponentialBuilder {
    outgoing::waits()
        .with_max_delay(LONGEST_WAIT)
        .without_max_times()
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
