//! The key behind the node's own link, said to the others.

use std::time::Duration;

use bolao_reach::{TlsPeer, look};
use bolao_wallet::{LinkWord, MAX_LINK_KEYS};
use tokio::time::sleep;

use crate::{pool::Pool, services::Service};

/// From one time that the own key is said to the next: of a certificate of the node's own, and of a proxy in front of it, whose
/// certificate only a look shows.
const OWN: Duration = Duration::from_secs(10);
const FRONTED: Duration = Duration::from_mins(1);
/// The keys of a proxy that are said: the one in use, and the one before, which others may have met.
const FRONTED_KEYS: usize = 2;

/// Gives the certificate that the node itself shows, in DER.
pub(crate) type Shown = Box<dyn Fn() -> Option<Vec<u8>> + Send + Sync>;

/// The service: says by which key the node answers at its link. Without a certificate of its own it is whatever the link shows this
/// machine.
pub(crate) struct OwnLink {
    pub(crate) url: String,
    pub(crate) shown: Option<Shown>,
}

impl Service for OwnLink {
    async fn run(self, Pool { links, .. }: Pool) {
        let Self { url, shown } = self;
        let (pause, most, fronted) = match shown {
            Some(_) => (OWN, MAX_LINK_KEYS, false),
            None => (FRONTED, FRONTED_KEYS, true),
        };
        let mut keys: Vec<[u8; 32]> = Vec::new();
        loop {
            let met = match &shown {
                Some(shown) => shown().as_deref().and_then(TlsPeer::by),
                None => look(&url).await.ok(),
            };
            if let Some(met) = met {
                keys.retain(|key| *key != met.key);
                keys.insert(0, met.key);
                keys.truncate(most);
                let (url, keys) = (url.clone(), keys.clone());
                let word = LinkWord::Key { url, keys, fronted };
                links.say(&word).await;
            }
            sleep(pause).await;
        }
    }
}
