//! Joining the pool under the player's name, once the node knows the chain.

use std::{sync::Arc, time::Duration};

use bolao_chain::Event;
use bolao_ledger::{Name, Reason};
use bolao_network::NetworkHandle;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, sleep, timeout},
};

use crate::{
    engine::Engine,
    signing::{SignError, Signer},
};

/// How long a node waits for its first peer before it joins on the chain that it has.
const FIRST_PEER: Duration = Duration::from_secs(3);
const LOOK: Duration = Duration::from_millis(100);
/// Between two tries.
const RETRY: Duration = Duration::from_secs(10);

/// Catches up, joins, and joins again should a reorganisation have taken the joining with it.
pub(crate) async fn run(name: Name, signer: Arc<Signer>, engine: Engine, network: NetworkHandle) {
    let mut events = engine.events();
    let end = Instant::now() + FIRST_PEER;
    while network.peers().is_empty() && Instant::now() < end {
        sleep(LOOK).await;
    }
    if engine.sync_now().await.is_err() {
        return;
    }
    loop {
        match signer.join_player(&name).await {
            Ok(Some(account)) => tracing::info!(%name, %account, "joining the pool"),
            Ok(None) => {}
            Err(SignError::Rejected(rejection)) if rejection.reason == Reason::NameTaken => {
                tracing::error!(
                    %name,
                    "the name is another player's: stop the node, choose another with \
                     `bolao join`, and start it again"
                );
                return;
            }
            Err(error) => tracing::warn!(%error, "could not join the pool yet"),
        }
        // A new tip may have taken a join back, or freed the way for one.
        loop {
            match timeout(RETRY, events.recv()).await {
                Err(_) | Ok(Ok(Event::TipChanged { .. }) | Err(RecvError::Lagged(_))) => break,
                Ok(Ok(_)) => {}
                Ok(Err(RecvError::Closed)) => return,
            }
        }
    }
}
