//! Joining the pool under the player's name, once the node knows the chain.
//!
//! Name and ticket are read from the home before each try, so that whoever gives the home another of them while the
//! node runs need not start it again.

use std::{sync::Arc, time::Duration};

use bolao_api::NodeError;
use bolao_chain::Event;
use bolao_ledger::{Name, NameError, PoolId, Reason};
use bolao_network::NetworkHandle;
use tokio::{
    sync::broadcast::error::RecvError,
    task::{JoinError as ReadDied, spawn_blocking},
    time::{Instant, sleep, timeout},
};

use crate::{
    engine::Engine,
    home::{Home, HomeError},
    reach::bridge,
    sign::signing::{SignError, Signer},
};

/// The time that a node waits for its first peer before it joins on the chain that it has.
const FIRST_PEER: Duration = Duration::from_secs(3);
const LOOK: Duration = Duration::from_millis(100);
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
            Reason::NameTaken | Reason::MisleadingName => {
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

/// Waits for the first peer, but not for long, and for its chain; false if the node is stopping. A core that is busy is asked again.
pub(crate) async fn caught_up(engine: &Engine, network: &NetworkHandle) -> bool {
    let end = Instant::now() + FIRST_PEER;
    while network.peers().is_empty() && Instant::now() < end {
        sleep(LOOK).await;
    }
    engine.synced(|| bridge::peers(network)).await.is_ok()
}

/// Catches up, joins, and joins again should a reorganisation have taken the joining with it.
pub(crate) async fn run(
    home: Home,
    pool: PoolId,
    signer: Arc<Signer>,
    engine: Engine,
    network: NetworkHandle,
) {
    let mut events = engine.events();
    if !caught_up(&engine, &network).await {
        return;
    }
    // What stays wrong is logged once.
    let mut logged = String::new();
    loop {
        match attempt(&home, pool, &signer).await {
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

async fn attempt(home: &Home, pool: PoolId, signer: &Signer) -> Result<(), JoinError> {
    let home = home.clone();
    let read = spawn_blocking(move || match home.profile()?.name {
        Some(name) => home.ticket(pool).map(|ticket| Some((name, ticket))),
        None => Ok(None),
    });
    let Some((name, ticket)) = read.await?? else {
        return Ok(());
    };
    let name = Name::new(&name)?;
    if let Some(account) = signer.join_player(&name, ticket.as_ref()).await? {
        tracing::info!(%name, %account, "joining the pool");
    }
    Ok(())
}
