//! What the API's watchers are told: the core's events and the network's peers, with the facts that a page wants.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bolao_api::{NodeEvent, PeerChange, PeerView, SyncState, SyncStatus};
use bolao_chain::Event;
use bolao_ledger::{BlockHash, Height};
use bolao_network::{NetworkHandle, PeerInfo};
use bolao_store::{Reader, StoreError, Tip};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::interval,
};

/// How many events a slow page may lag behind.
const EVENTS: usize = 1_024;
/// How many blocks of one catch-up are told one by one: the last ones.
const TOLD_BLOCKS: usize = 16;
/// How often the peers are compared.
const PEERS: Duration = Duration::from_millis(500);

/// Keeps the watchers informed.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    events: broadcast::Sender<NodeEvent>,
    sync: Arc<Mutex<SyncStatus>>,
}

pub(crate) fn peer_view(info: &PeerInfo) -> PeerView {
    PeerView {
        id: info.peer.to_string(),
        address: info.address,
        outbound: info.outbound,
        connected_for: info.connected_for,
        agent: info.agent.clone(),
        tip: None,
    }
}

impl Watch {
    pub(crate) fn new(tip: &Tip) -> Self {
        let (events, _) = broadcast::channel(EVENTS);
        Self {
            events,
            sync: Arc::new(Mutex::new(SyncStatus {
                state: SyncState::Alone,
                headers: tip.height,
                blocks: tip.height,
                target: tip.height,
            })),
        }
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<NodeEvent> {
        self.events.subscribe()
    }

    /// How far the node has caught up.
    pub(crate) fn sync(&self, alone: bool) -> SyncStatus {
        let sync = *self.sync.lock().unwrap_or_else(PoisonError::into_inner);
        match sync.state {
            SyncState::Alone | SyncState::Synced => SyncStatus {
                state: if alone {
                    SyncState::Alone
                } else {
                    SyncState::Synced
                },
                ..sync
            },
            _ => sync,
        }
    }

    /// Translates events until the core stops.
    pub(crate) async fn run(
        self,
        mut events: broadcast::Receiver<Event>,
        reader: Reader,
        network: NetworkHandle,
    ) {
        let mut look = interval(PEERS);
        let mut peers: BTreeMap<String, PeerView> = BTreeMap::new();
        loop {
            tokio::select! {
                event = events.recv() => match event {
                    Ok(event) => {
                        if let Err(error) = self.tell(event, &reader) {
                            tracing::error!(%error, "an event could not be told");
                        }
                    }
                    Err(RecvError::Lagged(missed)) => tracing::debug!(missed, "events were skipped"),
                    Err(RecvError::Closed) => return,
                },
                _ = look.tick() => {
                    let now: BTreeMap<String, PeerView> = network
                        .peers()
                        .iter()
                        .map(|info| (info.peer.to_string(), peer_view(info)))
                        .collect();
                    for (change, from, to) in [
                        (PeerChange::Disconnected, &peers, &now),
                        (PeerChange::Connected, &now, &peers),
                    ] {
                        for (_, peer) in from.iter().filter(|(id, _)| !to.contains_key(*id)) {
                            self.send(NodeEvent::Peer { change, peer: peer.clone() });
                        }
                    }
                    peers = now;
                }
            }
        }
    }

    fn send(&self, event: NodeEvent) {
        // Nobody listens: nothing is lost.
        let _ = self.events.send(event);
    }

    fn set_sync(&self, change: impl FnOnce(&mut SyncStatus)) {
        let mut sync = self.sync.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut sync);
        let status = *sync;
        drop(sync);
        self.send(NodeEvent::Sync(status));
    }

    fn tell(&self, event: Event, reader: &Reader) -> Result<(), StoreError> {
        match event {
            Event::TipChanged {
                new,
                disconnected,
                connected,
                ..
            } => {
                let mut sync = self.sync.lock().unwrap_or_else(PoisonError::into_inner);
                sync.blocks = new.height;
                sync.headers = sync.headers.max(new.height);
                sync.target = sync.target.max(new.height);
                drop(sync);
                self.tell_blocks(&disconnected, &connected, reader)?;
            }
            Event::TransactionAccepted { id, .. } => {
                if let Some(transaction) = reader.snapshot()?.pending_transaction(&id)? {
                    self.send(NodeEvent::Pending(Arc::new(transaction)));
                }
            }
            Event::SyncProgress {
                height,
                target_height,
                ..
            } => self.set_sync(|sync| {
                *sync = SyncStatus {
                    state: if height < target_height {
                        SyncState::Blocks
                    } else {
                        SyncState::Headers
                    },
                    headers: target_height.max(sync.headers),
                    blocks: height,
                    target: target_height,
                };
            }),
            Event::SyncDone { height } => self.set_sync(|sync| {
                *sync = SyncStatus {
                    state: SyncState::Synced,
                    headers: height,
                    blocks: height,
                    target: height,
                };
            }),
            _ => {}
        }
        Ok(())
    }

    fn tell_blocks(
        &self,
        disconnected: &[BlockHash],
        connected: &[BlockHash],
        reader: &Reader,
    ) -> Result<(), StoreError> {
        let snapshot = reader.snapshot()?;
        if !disconnected.is_empty()
            && let Some(lowest) = connected.first()
            && let Some(record) = snapshot.header(lowest)?
        {
            self.send(NodeEvent::Reorganised {
                common: record.header.previous(),
                common_height: Height(record.height.0.saturating_sub(1)),
                disconnected: u64::try_from(disconnected.len()).unwrap_or(u64::MAX),
            });
        }
        let skipped = connected.len().saturating_sub(TOLD_BLOCKS);
        for hash in connected.iter().skip(skipped) {
            let Some(block) = snapshot.block(hash)? else {
                continue;
            };
            self.send(NodeEvent::Block {
                hash: *hash,
                height: block.coinbase.height,
                time: block.header.time(),
                transactions: u64::try_from(block.transactions.len()).unwrap_or(u64::MAX),
            });
        }
        Ok(())
    }
}
