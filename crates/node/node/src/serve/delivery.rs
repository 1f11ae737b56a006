//! Waiting until the peers have what was sent to them, so that whoever bets or mines by hand sees it everywhere at
//! once, as in the articles. Bounded: a slow peer holds nobody up for long, and the status handshake brings it what it
//! missed.

use std::{collections::BTreeSet, time::Duration};

use bolao_chain::{Event, Item};
use bolao_network::NetworkHandle;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::timeout,
};

/// The longest wait.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Events from before something is sent, and who is connected then.
#[derive(Debug)]
pub(crate) struct Delivery {
    events: Receiver<Event>,
    missing: BTreeSet<String>,
}

impl Delivery {
    /// To be made before the core gets the thing, so that no confirmation is missed.
    pub(crate) fn prepare(events: Receiver<Event>, network: &NetworkHandle) -> Self {
        Self {
            events,
            missing: network
                .peers()
                .iter()
                .map(|info| info.peer.to_string())
                .collect(),
        }
    }

    /// Returns once every peer has confirmed the item, or after a second.
    pub(crate) async fn wait(mut self, wanted: Item) {
        let all = async {
            while !self.missing.is_empty() {
                match self.events.recv().await {
                    Ok(Event::Delivered { item, peer }) if item == wanted => {
                        self.missing.remove(&*peer.0);
                    }
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                }
            }
        };
        if timeout(TIMEOUT, all).await.is_err() {
            tracing::debug!(?wanted, "not every peer confirmed in time");
        }
    }
}
