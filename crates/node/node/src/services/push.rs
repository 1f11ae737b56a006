//! News for players' browsers, by Web Push (RFC 8030): whether a tip is missing, results, objections, who leads.
//!
//! - Only where the page has an address with `https://`: browsers subscribe nowhere else.
//! - A player signs that a browser is to be told; the browser's address alone ends it.
//! - Each is told of a thing at most once: that it is told is on the disk before it is sent. So what is on its way is lost with the
//!   node.
//! - The push service is a server that a player names: see [`sender`] for what may be called there.

mod news;
mod sender;

use std::sync::Arc;

use backon::Retryable as _;
use bolao_api::NodeError;
use bolao_ledger::AccountId;
use bolao_store::StoreError;
use bolao_wallet::PushAddress;
use tokio::{
    sync::{Mutex, Notify},
    task::{JoinSet, spawn_blocking},
    time::sleep,
};

use crate::{
    clock::now,
    error::{StartError, unusable},
    home::files::{PUSH_KEY, SUBSCRIBERS},
    pool::Pool,
    services::{Service, looks::Looks, outgoing},
};
pub(crate) use news::Kept;
use news::{News, Subscriber, leaders, results};
use sender::{SendError, Sender};

/// The most browsers that are told.
const MOST: usize = 200;
/// Those of them that one player may have.
const MOST_OF_PLAYER: usize = 4;
/// The most messages that are on their way.
const MOST_SENDING: usize = 1_000;

/// The browsers that are told, and what sends to them.
#[derive(Debug)]
pub(crate) struct Push {
    pool: Pool,
    sender: Sender,
    /// Held while it is written, so that no older state is written after a newer one.
    kept: Mutex<Kept>,
    subscribed: Notify,
}

impl Service for Arc<Push> {
    async fn run(self, pool: Pool) {
        let (mut looks, mut sending) = (Looks::begin(pool).await, JoinSet::new());
        loop {
            looks.next(&self.subscribed).await;
            while sending.try_join_next().is_some() {}
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
}

impl Push {
    /// Reads who is told; none where browsers cannot subscribe at the page. `anywhere`: push services may be at any address and without
    /// HTTPS.
    pub(crate) fn open(
        page: Option<String>,
        anywhere: bool,
        pool: &Pool,
    ) -> Result<Option<Arc<Self>>, StartError> {
        let Some(page) = page.filter(|url| url.starts_with("https://")) else {
            return Ok(None);
        };
        let key = pool.home.key(PUSH_KEY)?;
        let sender = match Sender::new(&key, page, anywhere) {
            Ok(sender) => sender,
            Err(problem) => {
                tracing::warn!("players' browsers get no news: {problem}");
                return Ok(None);
            }
        };
        Ok(Some(Arc::new(Self {
            kept: Mutex::new(pool.home.read_json(SUBSCRIBERS)?),
            pool: pool.clone(),
            sender,
            subscribed: Notify::new(),
        })))
    }

    /// The public key that browsers subscribe with.
    pub(crate) fn key(&self) -> String {
        self.sender.public_key().to_owned()
    }

    /// Tells a player's browser from now on; of what was there before, only of tips that are missing.
    pub(crate) async fn subscribe(
        self: &Arc<Self>,
        player: AccountId,
        address: PushAddress,
    ) -> Result<(), NodeError> {
        let reason = self.sender.check(&address).err();
        if let Some(reason) = reason {
            return Err(NodeError::BadPushAddress { reason });
        }
        self.change(move |push, kept| {
            let snapshot = push.pool.reader.snapshot()?;
            let rules = &push.pool.reader.genesis().rules;
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
        self.subscribed.notify_one();
        Ok(())
    }

    /// Tells nobody at an address any more.
    pub(crate) async fn unsubscribe(self: &Arc<Self>, endpoint: String) -> Result<(), NodeError> {
        self.change(move |_, kept| {
            kept.remove(&endpoint);
            Ok(Some(()))
        })
        .await
    }

    /// Changes what is kept, and returns once it is on the disk. Where there is no room, or it cannot be kept, all stays as it was.
    async fn change<T: Send + 'static>(
        self: &Arc<Self>,
        change: impl FnOnce(&Self, &mut Kept) -> Result<Option<T>, StoreError> + Send + 'static,
    ) -> Result<T, NodeError> {
        let push = Arc::clone(self);
        let changed = spawn_blocking(move || {
            let mut kept = push.kept.blocking_lock();
            let mut next = kept.clone();
            let done = change(&push, &mut next).map_err(|error| unusable(&error))?;
            let done = done.ok_or(NodeError::SubscribersFull)?;
            if next != *kept {
                push.pool.home.write_json(SUBSCRIBERS, &next, 0o600)?;
                *kept = next;
            }
            Ok(done)
        });
        changed.await.unwrap_or(Err(NodeError::Stopped))
    }

    /// Tells all browsers that somebody opens what is sent through a link, or could, by a certificate that a log lists.
    pub(crate) async fn warn(self: &Arc<Self>, url: &str, is_logged: bool) {
        let kept = self.kept.lock().await;
        let addresses: Vec<PushAddress> = kept
            .subscribers
            .iter()
            .map(|it| it.address.clone())
            .collect();
        drop(kept);
        let news = News::of_link(self.pool.reader.genesis(), url, is_logged);
        for address in addresses {
            // At most so many browsers as are told of anything, and a few times a day.
            tokio::spawn(self.clone().tell(address, news.clone()));
        }
    }

    /// The news since the last look, and where to tell them.
    async fn look(self: &Arc<Self>) -> Vec<(PushAddress, News)> {
        let looked = self.change(|push, kept| {
            if kept.subscribers.is_empty() {
                return Ok(Some(Vec::new()));
            }
            let (snapshot, genesis) = (push.pool.reader.snapshot()?, push.pool.reader.genesis());
            kept.look(&snapshot, genesis, now().unix).map(Some)
        });
        let looked = looked.await;
        looked
            .inspect_err(|error| tracing::error!(%error, "players' browsers get no news"))
            .unwrap_or_default()
    }

    async fn is_subscribed(&self, address: &PushAddress) -> bool {
        let kept = self.kept.lock().await;
        kept.subscribers.iter().any(|it| it.address == *address)
    }

    /// Sends until the service takes it, some half hour at most.
    async fn tell(self: Arc<Self>, address: PushAddress, news: News) {
        let send = async || {
            if self.is_subscribed(&address).await {
                self.sender.send(&address, &news).await
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
