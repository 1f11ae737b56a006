//! Joining the pool under the player's name, once the node knows the chain.
//!
//! Name and ticket are read from the home before each try, so that whoever gives the home another of them while the
//! node runs need not start it again.

use std::time::Duration;

use bolao_api::NodeError;
use bolao_chain::Event;
use bolao_ledger::{Name, NameError, Reason};
use tokio::{
    sync::broadcast::error::RecvError,
    task::{JoinError as ReadDied, spawn_blocking},
    time::timeout,
};

use crate::{home::HomeError, pool::Pool, services::Service, sign::signing::SignError};

/// Between two tries.
const RETRY: Duration = Duration::from_secs(10);

/// Why the player has not joined.
#[derive(Debug, thiserror::Error)]
enum JoinError {
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error("the home could not be read: {0}")]
    Read(#[from] ReadDied),
    #[error("the name in profile.json cannot be used ({0}): choose another with `bolao join`")]
    Name(#[from] NameError),
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl JoinError {
    /// Tells what the player can do about a join that is refused for good. It goes on where the rejection's sentence ends.
    fn what_to_do(&self) -> &'static str {
        let Self::Sign(SignError::Node(NodeError::Rejected(rejection))) = self else {
            return "";
        };
        match rejection.reason {
            reason if Reason::OF_NAMES.contains(&reason) => {
                " with `bolao join`; this node picks it up while it runs"
            }
            Reason::NotInvitedByOrganiser | Reason::TicketExpired | Reason::TicketUsedUp => {
                " and give it to `bolao join`; this node picks it up while it runs"
            }
            Reason::InvitationNeeded | Reason::BadInvitation => {
                "; ask an organiser for a new link and give it to `bolao join`; this node picks it up while it runs"
            }
            _ => "",
        }
    }
}

/// The service: joins, and joins again should a reorganisation have taken the joining with it.
pub(crate) struct Joining;

impl Service for Joining {
    async fn run(self, pool: Pool) {
        let mut events = pool.engine.events();
        if !pool.caught_up().await {
            return;
        }
        // What stays wrong is logged once.
        let mut logged = String::new();
        loop {
            match attempt(&pool).await {
                Ok(()) => logged.clear(),
                Err(problem) => {
                    let problem = format!("{problem}{}", problem.what_to_do());
                    if problem != logged {
                        tracing::error!("could not join the pool: {problem}");
                        logged = problem;
                    }
                }
            }
            // A new block may have taken a join back, or freed the way for one.
            loop {
                match timeout(RETRY, events.recv()).await {
                    Err(_) | Ok(Ok(Event::TipChanged { .. }) | Err(RecvError::Lagged(_))) => break,
                    Ok(Ok(_)) => {}
                    Ok(Err(RecvError::Closed)) => return,
                }
            }
        }
    }
}

async fn attempt(pool: &Pool) -> Result<(), JoinError> {
    let (home, id) = (pool.home.clone(), pool.reader.pool_id());
    let read = spawn_blocking(move || match home.profile()?.name {
        Some(name) => home.ticket(id).map(|ticket| Some((name, ticket))),
        None => Ok(None),
    });
    let Some((name, ticket)) = read.await?? else {
        return Ok(());
    };
    let name = Name::new(&name)?;
    if let Some(account) = pool.signer.join_player(&name, ticket.as_ref()).await? {
        tracing::info!(%name, %account, "joining the pool");
    }
    Ok(())
}
