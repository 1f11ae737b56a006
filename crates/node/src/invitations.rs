//! The invitations that the home keeps for short links, as the API asks for them. They are in a file, so that the first run can
//! leave one before the node runs.

use std::{
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};

use bolao_api::NodeError;
use bolao_ledger::AccountId;
use bolao_wallet::PublicInvite;
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{
    engine::now,
    home::{Home, KeepError},
};

/// The most that read or write the file at once.
const AT_ONCE: usize = 8;

/// Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Invitations {
    home: Home,
    /// Held by whoever writes.
    turn: Arc<Mutex<()>>,
    /// Of threads: a caller that has gone leaves its own until the disk answers.
    places: Arc<Semaphore>,
}

impl Invitations {
    pub(crate) fn new(home: Home) -> Self {
        Self {
            home,
            turn: Arc::default(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Keeps one that was checked.
    pub(crate) async fn keep(&self, invite: PublicInvite) -> Result<(), NodeError> {
        let turn = Arc::clone(&self.turn);
        self.in_home(move |home| {
            let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            match home.keep_invitation(invite, now().unix) {
                Ok(()) => Ok(()),
                Err(KeepError::Taken) => Err(NodeError::InvitationTaken),
                Err(KeepError::Full) => Err(NodeError::InvitationsFull),
                Err(KeepError::Home(error)) => Err(unusable(&error)),
            }
        })
        .await
    }

    /// The one with a ticket's key.
    pub(crate) async fn get(&self, ticket: AccountId) -> Result<Option<PublicInvite>, NodeError> {
        self.in_home(move |home| {
            home.kept_invitation(&ticket)
                .map_err(|error| unusable(&error))
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

fn unusable(error: &dyn Error) -> NodeError {
    NodeError::Home {
        message: error.to_string(),
    }
}
