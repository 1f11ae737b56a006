//! Tells that a link showed another key than its own node's, or that a public log lists one: a notice, an event, a message to the
//! browsers that take them.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use bolao_api::KnownLink;
use bolao_ledger::AccountId;
use bolao_store::{NoticedChange, Snapshot, StoreError};
use tokio::time::timeout;

use crate::{
    clock::now,
    engine::Engine,
    pool::Pool,
    reach::links::{GOOD_S, Links},
    services::{Service, push::Push},
};

/// The most notices of one day about links that are no organiser's: players who say what is not so get no more.
const MOST: usize = 8;
/// And about those that are, each by another player.
const MOST_OF_ORGANISERS: usize = 64;
/// The last notices that are looked through for those of a day.
const LOOKED_THROUGH: usize = 200;
/// The time after which links are compared again where nothing new is heard: what was told a day ago is told again.
const AGAIN: Duration = Duration::from_mins(1);

/// A link that was told of, whose it is, and what was found there.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    url: String,
    host: AccountId,
    found: Found,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    /// A player's node met another key.
    Seen(AccountId),
    /// A certificate with this key, which all nodes read of in the same logs.
    Logged([u8; 32]),
}

/// The notices of a day.
fn told(snapshot: &Snapshot) -> Result<BTreeSet<Told>, StoreError> {
    let since = now().unix.0.saturating_sub(GOOD_S);
    let notices = snapshot.notices(None, LOOKED_THROUGH)?;
    let recent = notices.into_iter().map(|(_, notice)| notice);
    let recent = recent.filter(|notice| notice.time.0 >= since);
    let told = recent.filter_map(|notice| {
        let (url, host, found) = match notice.change {
            NoticedChange::Link {
                url, host, seer, ..
            } => (url, host, Found::Seen(seer)),
            NoticedChange::Logged(it) => (it.url, it.host, Found::Logged(it.key)),
            _ => return None,
        };
        Some(Told { url, host, found })
    });
    Ok(told.collect())
}

/// The service: tells what is new, of one player and link once a day; browsers, too, where they are told of anything.
pub(crate) struct Telling(pub(crate) Option<Arc<Push>>);

impl Service for Telling {
    async fn run(self, Pool { links, engine, .. }: Pool) {
        loop {
            let changed = links.changed.notified();
            if let Err(error) = tell(&links, &engine, self.0.as_ref()).await {
                tracing::error!(%error, "that a link shows another key cannot be told");
            }
            // A minute is enough where the news come between two looks.
            let _ = timeout(AGAIN, changed).await;
        }
    }
}

pub(crate) async fn tell(
    links: &Links,
    engine: &Engine,
    push: Option<&Arc<Push>>,
) -> Result<(), StoreError> {
    let known = links.known();
    let is_well = |it: &KnownLink| it.met.is_empty() && it.logged.is_empty();
    if known.iter().all(is_well) {
        return Ok(());
    }
    let mut told = told(&links.signer.reader().snapshot()?)?;
    let owned = links.owned();
    for (found, change) in known.iter().flat_map(changes) {
        let is_owned = |it: &Told| owned.urls.contains(&it.url);
        let alike = told.iter().filter(|it| is_owned(it) == is_owned(&found));
        let most = if is_owned(&found) {
            MOST_OF_ORGANISERS
        } else {
            MOST
        };
        let (url, is_logged) = (found.url.clone(), matches!(found.found, Found::Logged(_)));
        if alike.count() >= most || !told.insert(found) {
            continue;
        }
        if engine.notice(change).await.is_err() {
            return Ok(());
        }
        if let Some(push) = push {
            push.warn(&url, is_logged).await;
        }
    }
    // The core has written them when it answers: none is told twice.
    let _ = engine.alive().await;
    Ok(())
}

/// A key that was found at a link, as it is told.
fn changes(link: &KnownLink) -> Vec<(Told, NoticedChange)> {
    let Some(url) = link.word.url() else {
        return Vec::new();
    };
    let (url, host) = (url.to_owned(), link.host);
    let told = |found| Told {
        url: url.clone(),
        host,
        found,
    };
    let met = link.met.iter().map(|it| {
        let change = NoticedChange::Link {
            url: url.clone(),
            host,
            seer: it.seer,
            certificate: it.certificate,
        };
        (told(Found::Seen(it.seer)), change)
    });
    let logged = link.logged.iter().map(|it| {
        let change = NoticedChange::Logged(Box::new(it.found.clone()));
        (told(Found::Logged(it.found.key)), change)
    });
    met.chain(logged).collect()
}
