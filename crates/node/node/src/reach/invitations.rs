//! The invitations that the home keeps for short links, as the API asks for them. They are in a file, so that the first run can
//! leave one before the node runs; what it held is read again where it has changed.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use bolao_api::NodeError;
use bolao_ledger::AccountId;
use bolao_wallet::PublicInvite;
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{
    clock::now,
    error::unusable,
    home::{Home, HomeError, KeepError},
    reach::registry::stamp,
};

/// The most that read or write the file at once.
const AT_ONCE: usize = 8;

/// Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Invitations {
    home: Home,
    /// The content of the file when it was read last; held by whoever reads or writes it.
    last: Arc<Mutex<Last>>,
    /// Of threads: a caller that has gone leaves its own until the disk answers.
    places: Arc<Semaphore>,
}

/// When a file was changed last, and its length.
type Stamp = Option<(SystemTime, u64)>;

#[derive(Debug, Default)]
struct Last {
    /// Of the file that was read; none before it was.
    stamp: Option<Stamp>,
    kept: BTreeMap<AccountId, PublicInvite>,
}

impl Last {
    /// The one with a ticket's key.
    fn get(&mut self, home: &Home, ticket: &AccountId) -> Result<Option<PublicInvite>, HomeError> {
        let now = stamp(&home.invitations_path());
        if self.stamp != Some(now) {
            self.stamp = None;
            let kept = home.kept_invitations()?.into_iter();
            self.kept = kept.map(|it| (it.given.ticket.key, it)).collect();
            self.stamp = Some(now);
        }
        Ok(self.kept.get(ticket).cloned())
    }
}

impl Invitations {
    pub(crate) fn new(home: Home) -> Self {
        Self {
            home,
            last: Arc::default(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Keeps one that was checked.
    pub(crate) async fn keep(&self, invite: PublicInvite) -> Result<(), NodeError> {
        let last = Arc::clone(&self.last);
        self.in_home(move |home| {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            // Two changes within one tick of the disk's clock have one stamp.
            last.stamp = None;
            match home.keep_invitation(invite, now().unix) {
                Ok(()) => Ok(()),
                Err(KeepError::Taken) => Err(NodeError::InvitationTaken),
                Err(KeepError::Full) => Err(NodeError::InvitationsFull),
                Err(KeepError::Home(error)) => Err(error.into()),
            }
        })
        .await
    }

    /// The one with a ticket's key.
    pub(crate) async fn get(&self, ticket: AccountId) -> Result<Option<PublicInvite>, NodeError> {
        let last = Arc::clone(&self.last);
        self.in_home(move |home| {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(last.get(home, &ticket)?)
        })
        .await
    }

    async fn in_home<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Home) -> Result<T, NodeError> + Send + 'static,
    ) -> Result<T, NodeError> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| NodeError::Busy)?;
        let home = self.home.clone();
        let work = move || {
            let _place = place;
            work(&home)
        };
        let done = spawn_blocking(work).await;
        done.unwrap_or_else(|died| Err(unusable(&died)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use bolao_ledger::{Genesis, UnixSeconds};
    use bolao_wallet::{Key, NewInvite, TicketSecret};

    use super::*;

    /// Links are asked for again and again; the file is read where it is another.
    #[tokio::test]
    async fn what_is_kept_is_read_once_and_again_where_it_changed() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let [one, other] = [1, 2].map(|secret| {
            let (organiser, secret) = (Key::from_secret(&[1; 32]), TicketSecret::new([secret; 16]));
            let (pool, expires) = (Genesis::article().pool_id(), UnixSeconds(4_000_000_000));
            NewInvite::issue(&organiser, secret, pool, None, 5, expires).public
        });
        // Before the node runs.
        home.keep_invitation(one.clone(), UnixSeconds(1)).unwrap();
        let kept = Invitations::new(home.clone());
        let get = async |it: &PublicInvite| kept.get(it.given.ticket.key).await.unwrap();
        assert_eq!(get(&one).await.as_ref(), Some(&one));
        assert_eq!(get(&other).await, None);
        kept.keep(other.clone()).await.unwrap();
        assert_eq!(get(&other).await.as_ref(), Some(&other));

        // The same file by its stamp: it is not read.
        let path = home.invitations_path();
        let (length, changed) = {
            let there = fs::metadata(&path).unwrap();
            (there.len(), there.modified().unwrap())
        };
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_len(0).unwrap();
        file.set_len(length).unwrap();
        file.set_modified(changed).unwrap();
        assert_eq!(get(&one).await.as_ref(), Some(&one));
        fs::remove_file(&path).unwrap();
        assert_eq!(get(&one).await, None);
    }
}
