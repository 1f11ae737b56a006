//! What the API's watchers are told: the core's events and the network's peers, with the facts that a page wants.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bolao_api::{EventText, NodeEvent, PeerChange, PeerView, SyncState, SyncStatus};
use bolao_chain::{Blocks, Cause, Event, TipChange};
use bolao_ledger::Block;
use bolao_network::{NetworkHandle, PeerInfo};
use bolao_store::{Reader, StoreError};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::interval,
};

use crate::{backdating::back_dated_tips, engine::now, tips::PeerTips};

/// How many events a slow page may lag behind.
const EVENTS: usize = 1_024;
/// How many blocks of one catch-up are told one by one: the last ones.
const TOLD_BLOCKS: usize = 16;
/// How often the peers are compared.
const PEERS: Duration = Duration::from_millis(500);

/// Keeps the watchers informed. Each event is written once, for all of them.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    events: broadcast::Sender<EventText>,
    reader: Reader,
    tips: PeerTips,
    sync: Arc<Mutex<SyncStatus>>,
}

pub(crate) fn peer_view(info: &PeerInfo, tips: &PeerTips) -> PeerView {
    PeerView {
        id: info.peer.to_string(),
        address: info.address,
        outbound: info.outbound,
        connected_for: info.connected_for,
        agent: info.agent.clone(),
        tip: tips.of(&info.peer),
    }
}

impl Watch {
    pub(crate) fn new(reader: Reader, tips: PeerTips) -> Result<Self, StoreError> {
        let (events, _) = broadcast::channel(EVENTS);
        let tip = reader.snapshot()?.tip()?;
        Ok(Self {
            events,
            reader,
            tips,
            sync: Arc::new(Mutex::new(SyncStatus {
                state: SyncState::Alone,
                headers: tip.height,
                blocks: tip.height,
                target: tip.height,
            })),
        })
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<EventText> {
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
    pub(crate) async fn run(self, mut events: broadcast::Receiver<Event>, network: NetworkHandle) {
        let mut look = interval(PEERS);
        let mut peers: BTreeMap<String, PeerView> = BTreeMap::new();
        loop {
            tokio::select! {
                event = events.recv() => match event {
                    Ok(event) => {
                        if let Err(error) = self.tell(event) {
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
                        .map(|info| (info.peer.to_string(), peer_view(info, &self.tips)))
                        .collect();
                    for (change, from, to) in [
                        (PeerChange::Disconnected, &peers, &now),
                        (PeerChange::Connected, &now, &peers),
                    ] {
                        for (_, peer) in from.iter().filter(|(id, _)| !to.contains_key(*id)) {
                            self.send(&NodeEvent::Peer { change, peer: peer.clone() });
                        }
                    }
                    peers = now;
                }
            }
        }
    }

    fn has_listeners(&self) -> bool {
        self.events.receiver_count() > 0
    }

    fn send(&self, event: &NodeEvent) {
        if !self.has_listeners() {
            return;
        }
        match event.text(&self.reader) {
            // The last listener may have gone meanwhile: nothing is lost.
            Ok(text) => drop(self.events.send(text)),
            Err(error) => tracing::error!(%error, "an event could not be written"),
        }
    }

    fn set_sync(&self, change: impl FnOnce(&mut SyncStatus)) {
        let mut sync = self.sync.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut sync);
        let status = *sync;
        drop(sync);
        self.send(&NodeEvent::Sync(status));
    }

    fn tell(&self, event: Event) -> Result<(), StoreError> {
        match event {
            Event::TipChanged(change) => {
                let height = change.new.height;
                let mut sync = self.sync.lock().unwrap_or_else(PoisonError::into_inner);
                sync.blocks = height;
                sync.headers = sync.headers.max(height);
                sync.target = sync.target.max(height);
                drop(sync);
                self.tell_blocks(&change);
                if change.cause != Cause::Sync {
                    self.warn_of_back_dating(&change.connected)?;
                }
            }
            Event::TransactionAccepted { transaction, .. } if self.has_listeners() => {
                let transaction = Box::new(Arc::unwrap_or_clone(transaction));
                self.send(&NodeEvent::Pending(transaction));
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

    fn tell_blocks(&self, change: &TipChange) {
        let disconnected = change.disconnected.count();
        if disconnected > 0 {
            self.send(&NodeEvent::Reorganised {
                common: change.fork.hash,
                common_height: change.fork.height,
                disconnected: u64::try_from(disconnected).unwrap_or(u64::MAX),
            });
        }
        for block in last(&change.connected) {
            self.send(&NodeEvent::Block {
                hash: block.hash(),
                height: block.coinbase.height,
                time: block.header.time(),
                transactions: u64::try_from(block.transactions.len()).unwrap_or(u64::MAX),
            });
        }
    }

    /// Looks at blocks that were found just now, as far as the node can tell.
    fn warn_of_back_dating(&self, connected: &Blocks) -> Result<(), StoreError> {
        let snapshot = self.reader.snapshot()?;
        let seen = now().unix;
        for block in last(connected) {
            let hash = block.hash();
            let matches = back_dated_tips(&snapshot, block, seen)?;
            if matches.is_empty() {
                continue;
            }
            let (height, time) = (block.coinbase.height, block.header.time());
            let behind_s = seen.0.saturating_sub(time.0);
            tracing::warn!(
                %height, %hash, behind_s, ?matches,
                "a new block is back-dated: it holds tips on matches that have kicked off since the time that it names"
            );
            self.send(&NodeEvent::BackDated {
                hash,
                height,
                time,
                seen,
                matches,
            });
        }
        Ok(())
    }
}

/// The blocks that are told one by one.
fn last(blocks: &Blocks) -> impl Iterator<Item = &Arc<Block>> {
    let blocks = &blocks.blocks;
    blocks.iter().skip(blocks.len().saturating_sub(TOLD_BLOCKS))
}
