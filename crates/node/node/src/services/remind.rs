//! Messages to one place of the operator's, such as a chat or ntfy: of the [`kinds`] that there are, such as the names of those without a
//! tip shortly before betting ends.
//!
//! - What takes bets until the same time is one message. Nobody lacks a tip: there is no message.
//! - Each is sent until it has arrived or is due no more, every few minutes at last, and then not again: that is on the disk. A place that
//!   refuses one is tried again once the node starts anew, perhaps with another address.
//! - Before each try it is read again, such as who lacks a tip.
//! - The address is a secret of the operator's, and stands in no log.

mod kinds;
mod message;
mod place;
mod told;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use backon::{ExponentialBuilder, Retryable as _};
use bolao_rulebook::chat::Chat;
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
    services::{Service, blocking, looks::Looks, outgoing},
};
use kinds::due;
use message::ChatMessage;
use place::{Place, SendError};
pub use place::{RemindAs, RemindConfig, RemindUrl};
use told::{DueMessages, Telling, ToldOf};

/// The time for which it is kept that a message was sent, once it is due no more, in seconds.
const KEPT_S: u64 = 24 * 3_600;
/// The most messages that are on their way.
const MOST_SENDING: usize = 100;

/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// The things that were told.
pub(crate) type Told = BTreeSet<ToldOf>;

/// The node's way to the place, and what was told there.
pub(crate) struct Remind {
    pool: Pool,
    place: Place,
    /// The time before betting ends, in seconds.
    before_s: u64,
    chat: Chat,
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
                Ok(due) => due.into_iter().for_each(|key| {
                    sending.spawn(self.clone().tell(key));
                }),
                Err(error) => tracing::error!(%error, "nothing is told in the chat"),
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
                tracing::error!("nothing is told in the chat: {problem}");
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
            chat: Chat {
                language: wanted.language,
                zone: zone.unwrap_or_else(TimeZone::system),
                shown: wanted.form.shown(),
            },
            page,
        })))
    }

    /// The things that are to be told now. From then on they are on their way.
    async fn due(self: &Arc<Self>) -> Result<Vec<ToldOf>, StartError> {
        let remind = Arc::clone(self);
        blocking(move || {
            let told = remind.told.blocking_lock();
            let mut tried = remind.tried.blocking_lock();
            let is_new = |key: &ToldOf| !told.contains(key) && !tried.contains(key);
            let due = remind.messages(remind.before_s, &is_new)?;
            tried.extend(due.keys().cloned());
            Ok(due.into_keys().collect())
        })
        .await
    }

    /// Keeps that something was told.
    async fn arrived(self: &Arc<Self>, key: ToldOf) -> Result<(), StartError> {
        let remind = Arc::clone(self);
        blocking(move || {
            let mut told = remind.told.blocking_lock();
            told.retain(|key| key.ends().0.saturating_add(KEPT_S) > now().unix.0);
            told.insert(key);
            Ok(remind.pool.home.write_json(REMINDERS, &*told, 0o644)?)
        })
        .await
    }

    /// A message as it is now; none where there is nothing to tell any more.
    async fn message(self: &Arc<Self>, key: &ToldOf) -> Result<Option<ChatMessage>, StartError> {
        let (remind, key) = (Arc::clone(self), key.clone());
        blocking(move || {
            let mut all = remind.messages(u64::MAX, &|it| *it == key)?;
            Ok(all.remove(&key))
        })
        .await
    }

    /// Sends until the place takes it, or there is nothing to tell any more.
    async fn tell(self: Arc<Self>, key: ToldOf) {
        let send = async || {
            let message = self.message(&key).await;
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
                tracing::warn!(%error, host, ?wait, "a message to the chat has not arrived and will be tried again");
            })
            .await;
        match sent {
            Ok(()) => {
                if let Err(error) = self.arrived(key).await {
                    tracing::error!(%error, "a message to the chat may be sent again");
                }
            }
            Err(error) => tracing::warn!(%error, host, "a message to the chat did not arrive"),
        }
    }

    /// The messages that are due, of what is wanted, as they are now; of betting that ends within so many seconds.
    fn messages(
        &self,
        before_s: u64,
        is_wanted: &dyn Fn(&ToldOf) -> bool,
    ) -> Result<DueMessages, StoreError> {
        let at = Telling {
            snapshot: &self.pool.reader.snapshot()?,
            genesis: self.pool.reader.genesis(),
            now: now().unix,
            before_s,
            chat: &self.chat,
            page: self.page.as_deref(),
        };
        due(&at, is_wanted)
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
