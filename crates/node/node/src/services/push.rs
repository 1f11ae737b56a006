//! News for players' browsers, by Web Push (RFC 8030): whether a tip is missing, results, objections, who leads.
//!
//! - Only where the page has an address with `https://`: browsers subscribe nowhere else.
//! - A player signs that a browser is to be told; the browser's address alone ends it.
//! - Each is told of a thing at most once: that it is told is on the disk before it is sent. So what is on its way is lost with the
//!   node.
//! - The push service is a server that a player names: see [`sender`] for what may be called there.

mod news;
mod sender;

use std::{sync::Arc, time::Duration};

use backon::Retryable as _;
use bolao_api::{NodeError, SyncState};
use bolao_chain::Event;
use bolao_ledger::AccountId;
use bolao_network::NetworkHandle;
use bolao_store::{Reader, StoreError};
use bolao_wallet::PushAddress;
use tokio::{
    sync::{Mutex, Notify, broadcast::Receiver},
    task::{JoinSet, spawn_blocking},
    time::{MissedTickBehavior, interval, sleep},
};

use crate::{
    config::NodeConfig,
    engine::{Engine, now},
    error::StartError,
    home::Home,
    pool::Pool,
    serve::watch::Watch,
    services::{Services, joining::caught_up, outgoing, pending_signatures::next_tip},
};
pub(crate) use news::Kept;
use news::{News, Subscriber, leaders, results};
use sender::{SendError, Sender};

/// The file of the key by which push services know this node. Browsers subscribe with it: without it they subscribe anew.
pub(crate) const PUSH_KEY: &str = "push.key";
/// The file of the browsers, and of what they were told.
pub(crate) const SUBSCRIBERS: &str = "push.json";
/// The most browsers that are told.
const MOST: usize = 200;
/// Those of them that one player may have.
const MOST_OF_PLAYER: usize = 4;
/// The most messages that are on their way.
const MOST_SENDING: usize = 1_000;
/// The time between two looks though no block comes: matches draw near by time alone.
const AGAIN: Duration = Duration::from_secs(30);
/// The time for which blocks that come together are waited for.
const SETTLES: Duration = Duration::from_secs(1);

/// The browsers that are told, and what sends to them. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Push(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    home: Home,
    reader: Reader,
    sender: Sender,
    /// Held while it is written, so that no older state is written after a newer one.
    kept: Mutex<Kept>,
    subscribed: Notify,
}

impl Push {
    /// Looks for news from now on; none where browsers cannot subscribe.
    pub(crate) fn open(
        config: &NodeConfig,
        home: &Home,
        pool: &Pool,
        tasks: &mut Services,
    ) -> Result<Option<Self>, StartError> {
        let page = config.chosen_page_url();
        let Some(page) = page.filter(|url| url.starts_with("https://")) else {
            return Ok(None);
        };
        let key = home.key(PUSH_KEY)?;
        let sender = match Sender::new(&key, page, config.push_anywhere) {
            Ok(sender) => sender,
            Err(problem) => {
                tracing::warn!("players' browsers get no news: {problem}");
                return Ok(None);
            }
        };
        let push = Self(Arc::new(Inner {
            kept: Mutex::new(home.read_json(SUBSCRIBERS)?.unwrap_or_default()),
            home: home.clone(),
            reader: pool.reader.clone(),
            sender,
            subscribed: Notify::new(),
        }));
        let (engine, watch, network) = (
            pool.engine.clone(),
            pool.watch.clone(),
            pool.network.clone(),
        );
        tasks.spawn_until(
            "news for browsers",
            push.clone().run(engine, watch, network),
        );
        Ok(Some(push))
    }

    /// The public key that browsers subscribe with.
    pub(crate) fn key(&self) -> String {
        self.0.sender.public_key().to_owned()
    }

    /// Tells a player's browser from now on; of what was there before, only of tips that are missing.
    pub(crate) async fn subscribe(
        &self,
        player: AccountId,
        address: PushAddress,
    ) -> Result<(), NodeError> {
        let reason = self.0.sender.check(&address).err();
        if let Some(reason) = reason {
            return Err(NodeError::BadPushAddress { reason });
        }
        self.change(move |inner, kept| {
            let snapshot = inner.reader.snapshot()?;
            let rules = &inner.reader.genesis().rules;
            if kept.subscribers.is_empty() {
                kept.results = results(&snapshot, rules)?;
            }
            let before = kept.remove(&address.endpoint);
            let told = before.filter(|it| it.player == player);
            kept.subscribers.push(match told {
                Some(told) => Subscriber { address, ..told },
                None => Subscriber {
                    leads: leaders(&snapshot, rules)?.contains(&player),
                    told: Vec::new(),
                    player,
                    address,
                },
            });
            let is_own = |it: &Subscriber| it.player == player;
            if kept.subscribers.iter().filter(|it| is_own(it)).count() > MOST_OF_PLAYER
                && let Some(oldest) = kept.subscribers.iter().position(is_own)
            {
                kept.subscribers.remove(oldest);
            }
            Ok((kept.subscribers.len() <= MOST).then_some(()))
        })
        .await?;
        self.0.subscribed.notify_one();
        Ok(())
    }

    /// Tells nobody at an address any more.
    pub(crate) async fn unsubscribe(&self, endpoint: String) -> Result<(), NodeError> {
        self.change(move |_, kept| {
            kept.remove(&endpoint);
            Ok(Some(()))
        })
        .await
    }

    /// Changes what is kept, and returns once it is on the disk. Where there is no room, or it cannot be kept, all stays as it was.
    async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Inner, &mut Kept) -> Result<Option<T>, StoreError> + Send + 'static,
    ) -> Result<T, NodeError> {
        let inner = Arc::clone(&self.0);
        let changed = spawn_blocking(move || {
            let unusable = |message: String| NodeError::Home { message };
            let mut kept = inner.kept.blocking_lock();
            let mut next = kept.clone();
            let done = change(&inner, &mut next).map_err(|error| unusable(error.to_string()))?;
            let done = done.ok_or(NodeError::SubscribersFull)?;
            if next != *kept {
                let written = inner.home.write_json(SUBSCRIBERS, &next, 0o600);
                written.map_err(|error| unusable(error.to_string()))?;
                *kept = next;
            }
            Ok(done)
        });
        changed.await.unwrap_or(Err(NodeError::Stopped))
    }

    /// Looks with each new block and twice a minute, until the node stops.
    async fn run(self, engine: Engine, watch: Watch, network: NetworkHandle) {
        let mut events: Receiver<Event> = engine.events();
        // Tips of the time when this node was off may be with its peers.
        caught_up(&engine, &network).await;
        let mut again = interval(AGAIN);
        again.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut sending = JoinSet::new();
        loop {
            tokio::select! {
                () = next_tip(&mut events) => {
                    sleep(SETTLES).await;
                    // Whatever came meanwhile is looked at at once.
                    events = events.resubscribe();
                }
                () = self.0.subscribed.notified() => {}
                _ = again.tick() => {}
            }
            while sending.try_join_next().is_some() {}
            // Who catches up would tell of what is long over.
            let state = watch.sync(network.peers().is_empty()).state;
            if matches!(state, SyncState::Headers | SyncState::Blocks) {
                continue;
            }
            for (address, news) in self.look().await {
                if sending.len() < MOST_SENDING {
                    sending.spawn(self.clone().tell(address, news));
                } else {
                    tracing::warn!(
                        "too many messages to browsers are on their way: one is left out"
                    );
                }
            }
        }
    }

    /// Tells all browsers that somebody opens what is sent through a link.
    pub(crate) async fn warn(&self, url: &str) {
        let kept = self.0.kept.lock().await;
        let addresses: Vec<PushAddress> = kept
            .subscribers
            .iter()
            .map(|it| it.address.clone())
            .collect();
        drop(kept);
        let news = News::of_link(self.0.reader.genesis(), url);
        for address in addresses {
            // At most so many browsers as are told of anything, and a few times a day.
            tokio::spawn(self.clone().tell(address, news.clone()));
        }
    }

    /// The news since the last look, and where to tell them.
    async fn look(&self) -> Vec<(PushAddress, News)> {
        let looked = self.change(|inner, kept| {
            if kept.subscribers.is_empty() {
                return Ok(Some(Vec::new()));
            }
            let (snapshot, genesis) = (inner.reader.snapshot()?, inner.reader.genesis());
            kept.look(&snapshot, genesis, now().unix).map(Some)
        });
        looked.await.unwrap_or_else(|error| {
            tracing::error!(%error, "players' browsers get no news");
            Vec::new()
        })
    }

    async fn is_subscribed(&self, address: &PushAddress) -> bool {
        let kept = self.0.kept.lock().await;
        kept.subscribers.iter().any(|it| it.address == *address)
    }

    /// Sends until the service takes it, some half hour at most.
    async fn tell(self, address: PushAddress, news: News) {
        let send = async || {
            if self.is_subscribed(&address).await {
                self.0.sender.send(&address, &news).await
            } else {
                Ok(())
            }
        };
        let sent = send
            .retry(outgoing::waits())
            .sleep(sleep)
            .when(|error| matches!(error, SendError::Later(_)))
            .await;
        match sent {
            Ok(()) => {}
            Err(SendError::Gone) => {
                if let Err(error) = self.unsubscribe(address.endpoint).await {
                    tracing::warn!(%error, "a browser that no longer takes news stays on the list");
                }
            }
            Err(error) => tracing::warn!(%error, "a player's browser did not get the news"),
        }
    }
}
