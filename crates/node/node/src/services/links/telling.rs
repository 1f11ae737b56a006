//! Tells that a link shows another key than its own node's: a notice, an event, a message to the browsers that take them.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use bolao_ledger::AccountId;
use bolao_store::{NoticedChange, Snapshot, StoreError};
use bolao_wallet::LinkWord;
use tokio::time::timeout;

use super::{GOOD_S, Links};
use crate::{
    engine::{Engine, now},
    pool::Pool,
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

/// The links that were told of, each with whose it is and who met another key there.
type Told = BTreeSet<(AccountId, AccountId, String)>;

/// The notices of a day.
fn told(snapshot: &Snapshot) -> Result<Told, StoreError> {
    let since = now().unix.0.saturating_sub(GOOD_S);
    let notices = snapshot.notices(None, LOOKED_THROUGH)?;
    let recent = notices.into_iter().map(|(_, notice)| notice);
    let recent = recent.filter(|notice| notice.time.0 >= since);
    let told = recent.filter_map(|notice| match notice.change {
        NoticedChange::Link {
            url, host, seer, ..
        } => Some((host, seer, url)),
        _ => None,
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

pub(super) async fn tell(
    links: &Links,
    engine: &Engine,
    push: Option<&Arc<Push>>,
) -> Result<(), StoreError> {
    let known = links.known();
    if known.iter().all(|link| link.met.is_empty()) {
        return Ok(());
    }
    let mut told = told(&links.signer.reader().snapshot()?)?;
    let owned = links.owned();
    for link in known {
        let LinkWord::Key { url, .. } = &link.word else {
            continue;
        };
        for met in &link.met {
            let is_owned = |url: &String| owned.urls.contains(url);
            let alike = told
                .iter()
                .filter(|(_, _, it)| is_owned(it) == is_owned(url));
            let most = if is_owned(url) {
                MOST_OF_ORGANISERS
            } else {
                MOST
            };
            if alike.count() >= most || !told.insert((link.host, met.seer, url.clone())) {
                continue;
            }
            let change = NoticedChange::Link {
                url: url.clone(),
                host: link.host,
                seer: met.seer,
                certificate: met.certificate,
            };
            if engine.notice(change).await.is_err() {
                return Ok(());
            }
            if let Some(push) = push {
                push.warn(url).await;
            }
        }
    }
    // The core has written them when it answers: none is told twice.
    let _ = engine.alive().await;
    Ok(())
}
