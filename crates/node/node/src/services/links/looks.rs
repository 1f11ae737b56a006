//! Looks at the links of others, at times that nobody knows. A relay that opens all connections is found by that; one that tells a
//! browser's from a program's is not: see [`super::logs`].

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use bolao_reach::{TlsPeer, look};
use bolao_wallet::LinkWord;
use tokio::time::sleep;

use super::doubt::Doubts;
use crate::{pool::Pool, services::Service};

/// The first look at a link comes within this time after the node knows of it, and each next one within that.
const WITHIN: (Duration, Duration) = (Duration::from_secs(20), Duration::from_mins(15));
const TICK: Duration = Duration::from_secs(5);

/// A time until `most` from now.
pub(super) fn within(most: Duration) -> Instant {
    Instant::now() + most.mul_f64(rand::random_range(0.0..1.0))
}

/// The service: looks at the links of others but the own one, and says where another key is.
pub(crate) struct Looking(pub(crate) Option<String>);

impl Service for Looking {
    async fn run(self, Pool { links, .. }: Pool) {
        let mut due: BTreeMap<String, Instant> = BTreeMap::new();
        let mut doubts = Doubts::default();
        loop {
            sleep(TICK).await;
            let owned = links.owned();
            let claims = links.claims(&owned);
            let mut urls = owned.first(&claims);
            urls.retain(|url| self.0.as_ref() != Some(url));
            due.retain(|url, _| urls.contains(url));
            for url in urls {
                let at = due.entry(url.clone()).or_insert_with(|| within(WITHIN.0));
                if *at > Instant::now() {
                    continue;
                }
                *at = within(WITHIN.1);
                match look(&url).await {
                    Ok(TlsPeer { key, certificate }) => {
                        doubts.forget(&url);
                        for claim in claims.iter().filter(|it| it.url == url) {
                            let url = url.clone();
                            let word = LinkWord::Saw {
                                url,
                                key,
                                certificate,
                            };
                            doubts.add(claim, key, word);
                        }
                    }
                    Err(why) => tracing::debug!(url, why, "a link does not open"),
                }
            }
            doubts.end(&links).await;
        }
    }
}
