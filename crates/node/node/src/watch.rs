//! What those who listen to the API hear: the core's events and the network's peers, with the facts that a page wants.
//!
//! - Each event is written once, for all who listen, on a thread that may block, and kept for a while ([`Events`]).
//! - If this task misses events of the core, listeners get `lagged`, and it reads again what it keeps.
//! - A notice is logged as a warning, whoever listens; one about this node's own players says so.

mod attendance;
mod clocks;

use std::{
    collections::BTreeMap,
    future::ready,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bolao_api::{
    Events, NodeEvent, PeerChange, SyncState, SyncStatus,
    body::{NoticeBody, PeerBody},
};
use bolao_chain::{Attendance, Blocks, Event, MissingCheckpoint, TipChange};
use bolao_ledger::{AccountId, Block, Height, MatchNo, StateView as _, table::Results};
use bolao_network::{NetworkHandle, PeerInfo};
use bolao_store::{Notice, NoticedChange, Reader, StoreError};
use futures::StreamExt as _;
use tokio::{sync::broadcast, task::spawn_blocking, time::interval};
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

use crate::{reach::reports::PeerReports, sign::signing::Signer};

/// The most events that are kept for slow pages, and for those that were cut off.
const EVENTS: usize = 1_024;
/// The most blocks of one catch-up that are sent one by one: the last ones.
const SENT_BLOCKS: usize = 16;
/// The most events that are handled at once.
const BATCH: usize = 64;
/// The time between two comparisons of the peers.
const PEERS: Duration = Duration::from_millis(500);

/// Informs those who listen. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    events: Events,
    reader: Reader,
    reports: PeerReports,
    sync: Arc<Mutex<SyncStatus>>,
    clocks: Arc<Mutex<clocks::Seen>>,
    results: Arc<Mutex<ResultsSeen>>,
    attendance: Arc<Mutex<Option<Arc<Attendance>>>>,
    reorganisations: Arc<AtomicU64>,
    /// The final block that the home's invitation names, as long as it is sought.
    invited: Arc<Mutex<Option<MissingCheckpoint>>>,
}

/// The version of each match's record, and whether it is final.
type ResultsSeen = BTreeMap<MatchNo, (u32, bool)>;

/// An event of the core, or that some were missed.
type News = Result<Event, BroadcastStreamRecvError>;

pub(crate) fn peer_view(info: &PeerInfo, reports: &PeerReports) -> PeerBody {
    PeerBody {
        id: info.peer.to_string(),
        address: info.address.to_string(),
        outbound: info.outbound,
        connected_for_s: info.since.elapsed().as_secs(),
        agent: info.agent.clone(),
        tip: reports.of(&info.peer),
        clock_ahead_s: reports.clock_ahead_s(&info.peer),
    }
}

fn results_now(reader: &Reader) -> Result<ResultsSeen, StoreError> {
    let results = reader.snapshot()?.scan::<Results>(&(), None, usize::MAX)?;
    let results = results.into_iter();
    Ok(results
        .map(|(no, result)| (no, (result.version, result.is_settled())))
        .collect())
}

impl Watch {
    /// The events' ids are proven by this secret of the home's.
    pub(crate) fn new(
        reader: Reader,
        reports: PeerReports,
        secret: &[u8; 32],
    ) -> Result<Self, StoreError> {
        let tip = reader.snapshot()?.tip()?;
        Ok(Self {
            events: Events::keeping(EVENTS, secret),
            reports,
            sync: Arc::new(Mutex::new(SyncStatus {
                state: SyncState::Alone,
                ..synced(tip.height)
            })),
            clocks: Arc::default(),
            attendance: Arc::default(),
            reorganisations: Arc::default(),
            results: Arc::new(Mutex::new(results_now(&reader)?)),
            invited: Arc::default(),
            reader,
        })
    }

    /// The number of times since the start that blocks of the chain gave way to others.
    pub(crate) fn reorganisations(&self) -> u64 {
        self.reorganisations.load(Ordering::Relaxed)
    }

    /// The events of the API's listeners.
    pub(crate) const fn events(&self) -> &Events {
        &self.events
    }

    /// The state of the node's catching up.
    pub(crate) fn sync(&self, alone: bool) -> SyncStatus {
        let mut sync = *self.sync.lock().unwrap_or_else(PoisonError::into_inner);
        if let SyncState::Alone | SyncState::Synced = sync.state {
            sync.state = if alone {
                SyncState::Alone
            } else {
                SyncState::Synced
            };
        }
        self.by_the_clocks(sync)
    }

    /// Translates events until the core stops.
    pub(crate) async fn run(
        self,
        events: broadcast::Receiver<Event>,
        network: NetworkHandle,
        signer: Arc<Signer>,
    ) {
        let mut look = interval(PEERS);
        let mut peers: BTreeMap<String, PeerBody> = BTreeMap::new();
        let events = BroadcastStream::new(events).filter(|news| ready(self.is_for_us(news)));
        let mut events = events.ready_chunks(BATCH);
        loop {
            let batch = tokio::select! {
                _ = look.tick() => {
                    peers = self.compare_peers(&network, peers);
                    continue;
                }
                batch = events.next() => batch,
            };
            let Some(batch) = batch else { return };
            let noticed = |news: &News| matches!(news, Ok(Event::Noticed { .. }));
            let own = if batch.iter().any(noticed) {
                signer.own_accounts().await
            } else {
                Vec::new()
            };
            let watch = self.clone();
            let handled = spawn_blocking(move || watch.handle(batch, &own)).await;
            // A panic was logged by itself.
            if let Ok(Err(error)) = handled {
                tracing::error!(%error, "an event could not be sent");
            }
        }
    }

    fn compare_peers(
        &self,
        network: &NetworkHandle,
        before: BTreeMap<String, PeerBody>,
    ) -> BTreeMap<String, PeerBody> {
        let now: BTreeMap<String, PeerBody> = network
            .peers()
            .iter()
            .map(|info| (info.peer.to_string(), peer_view(info, &self.reports)))
            .collect();
        for (change, from, to) in [
            (PeerChange::Disconnected, &before, &now),
            (PeerChange::Connected, &now, &before),
        ] {
            for (_, peer) in from.iter().filter(|(id, _)| !to.contains_key(*id)) {
                let peer = peer.clone();
                self.send(&NodeEvent::Peer { change, peer });
            }
        }
        now
    }

    /// Whether an event changes anything here; no thread is woken for others.
    fn is_for_us(&self, news: &News) -> bool {
        match news {
            Ok(Event::TransactionAccepted { .. }) => self.events.are_wanted(),
            Ok(
                Event::TransactionDropped { .. } | Event::Delivered { .. } | Event::TemplateStale,
            ) => false,
            _ => true,
        }
    }

    /// Sends an event of another task.
    pub(crate) async fn tell(&self, event: NodeEvent) {
        let watch = self.clone();
        let _ = spawn_blocking(move || watch.send(&event)).await;
    }

    fn send(&self, event: &NodeEvent) {
        if !self.events.are_wanted() {
            return;
        }
        match event.text(&self.reader) {
            Ok(text) => {
                // The older name of the same event, for programs that know it.
                if matches!(event, NodeEvent::Reorganised { .. }) {
                    self.events.send(text.renamed("reorganisation"));
                }
                self.events.send(text);
            }
            Err(error) => tracing::error!(%error, "an event could not be written"),
        }
    }

    fn set_sync(&self, change: impl FnOnce(&mut SyncStatus)) {
        let mut sync = self.sync.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut sync);
        let status = *sync;
        drop(sync);
        self.send(&NodeEvent::Sync(self.by_the_clocks(status)));
    }

    fn handle(&self, batch: Vec<News>, own: &[AccountId]) -> Result<(), StoreError> {
        for news in batch {
            match news {
                Ok(event) => self.translate(event, own)?,
                Err(BroadcastStreamRecvError::Lagged(missed)) => self.catch_up(missed)?,
            }
        }
        Ok(())
    }

    /// Missed events do not come again: what is kept here is read again, and listeners learn that they must do so too.
    fn catch_up(&self, missed: u64) -> Result<(), StoreError> {
        tracing::warn!(missed, "events of the core were missed");
        let height = self.reader.snapshot()?.tip()?.height;
        self.set_sync(|sync| *sync = after_missed(*sync, height));
        self.send(&NodeEvent::Lagged { missed });
        if self.compare_results()? {
            self.send(&NodeEvent::Standings { height });
        }
        Ok(())
    }

    fn translate(&self, event: Event, own: &[AccountId]) -> Result<(), StoreError> {
        match event {
            Event::TipChanged(change) => self.tip_changed(&change)?,
            Event::Noticed { number, notice } => self.noticed(number, notice, own)?,
            Event::Final { height, hash } => self.send(&NodeEvent::Final { height, hash }),
            Event::TransactionAccepted { transaction, .. } => {
                self.send(&NodeEvent::Pending(transaction));
            }
            Event::Clocks(clocks) => self.compare_clocks(clocks),
            Event::MissingCheckpoint(invited) => self.seek(invited),
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
                    ..*sync
                };
            }),
            Event::SyncDone { height } => self.set_sync(|sync| *sync = synced(height)),
            Event::Attendance(attendance) => self.attend(attendance)?,
            Event::Guilty(_)
            | Event::TransactionDropped { .. }
            | Event::Delivered { .. }
            | Event::TemplateStale => {}
        }
        Ok(())
    }

    fn tip_changed(&self, change: &TipChange) -> Result<(), StoreError> {
        let height = change.new.height;
        let mut sync = self.sync.lock().unwrap_or_else(PoisonError::into_inner);
        sync.blocks = height;
        sync.headers = sync.headers.max(height);
        sync.target = sync.target.max(height);
        drop(sync);
        let disconnected = change.disconnected.count();
        if disconnected > 0 {
            self.reorganisations.fetch_add(1, Ordering::Relaxed);
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
        if self.compare_results()? || disconnected > 0 || changes_standings(&change.connected) {
            self.send(&NodeEvent::Standings { height });
        }
        Ok(())
    }

    /// Sends which records changed; whether any did.
    fn compare_results(&self) -> Result<bool, StoreError> {
        let now = results_now(&self.reader)?;
        let mut seen = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *seen, now.clone());
        drop(seen);
        let gone = before.keys().filter(|no| !now.contains_key(no));
        let gone = gone.map(|no| (*no, false, false));
        let new = now.iter().filter(|(no, seen)| before.get(no) != Some(seen));
        let new = new.map(|(no, (_, is_final))| (*no, true, *is_final));
        for (match_no, recorded, is_final) in gone.chain(new) {
            self.send(&NodeEvent::Result {
                match_no,
                recorded,
                is_final,
            });
        }
        Ok(before != now)
    }

    fn noticed(
        &self,
        number: u64,
        notice: Arc<Notice>,
        own: &[AccountId],
    ) -> Result<(), StoreError> {
        let body = NoticeBody::read(
            &self.reader.snapshot()?,
            &self.reader.genesis().rules,
            number,
            &notice,
        )?;
        let is_own = body
            .player
            .is_some_and(|player| own.contains(&player.account));
        let whose = if is_own {
            " (this node's own player)"
        } else {
            ""
        };
        tracing::warn!(number, "{}{whose}", body.finding.text);
        // The same fact as the notice below, under the event's older name, for programs that know it.
        if let NoticedChange::LateBets {
            block,
            height,
            time,
            matches,
        } = &notice.change
        {
            self.send(&NodeEvent::BackDated {
                hash: *block,
                height: *height,
                time: *time,
                seen: notice.time,
                matches: matches.clone(),
            });
        }
        self.send(&NodeEvent::Noticed { number, notice });
        Ok(())
    }
}

fn synced(height: Height) -> SyncStatus {
    SyncStatus {
        state: SyncState::Synced,
        headers: height,
        blocks: height,
        target: height,
        clock_ahead_s: None,
        clock_agrees: false,
        clock_doubt: None,
    }
}

/// The state once events were missed: below a known target, the node is still syncing. If the end of the sync was missed,
/// the height says so.
fn after_missed(before: SyncStatus, height: Height) -> SyncStatus {
    match before.state {
        SyncState::Headers | SyncState::Blocks if height < before.target => SyncStatus {
            blocks: height,
            ..before
        },
        _ => synced(height),
    }
}

/// Whether blocks hold what changes the standings besides records: players who join, seals that are opened.
fn changes_standings(connected: &Blocks) -> bool {
    let mut transactions = connected
        .blocks
        .iter()
        .flat_map(|block| &block.transactions);
    connected.more > 0
        || transactions.any(|transaction| transaction.body.action.changes_standings())
}

/// The blocks that are sent one by one.
fn last(blocks: &Blocks) -> impl Iterator<Item = &Arc<Block>> {
    let blocks = &blocks.blocks;
    blocks.iter().skip(blocks.len().saturating_sub(SENT_BLOCKS))
}

#[cfg(test)]
mod tests;
