//! Looks at the links of others, at times that nobody knows.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use bolao_ledger::{AccountId, UnixSeconds};
use bolao_reach::{TlsPeer, look};
use bolao_wallet::LinkWord;
use tokio::time::sleep;

use super::Claim;
use crate::{pool::Pool, services::Service};

/// The first look at a link comes within this time after the node knows of it, and each next one within that.
const WITHIN: (Duration, Duration) = (Duration::from_secs(20), Duration::from_mins(15));
/// The most links that are looked at.
const MOST: usize = 8;
const TICK: Duration = Duration::from_secs(5);
/// A key that was met is compared with one that was said so much later than what was known at the look, in seconds: more than from
/// one time that it is said, and heard here, to the next.
const LATER_S: (u64, u64) = (25, 150);
/// The time after which the node of a link with another key counts as gone; a proxy may have a new key then, a certificate of the node's own has none.
const SILENT: Duration = Duration::from_mins(3);

/// Another key than the one that was known at the look.
#[derive(Debug)]
struct Doubt {
    url: String,
    host: AccountId,
    met: TlsPeer,
    known: UnixSeconds,
    since: Instant,
}

/// The end of a doubt.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    NotYet,
    /// It was a new key of the link's own node, or nobody can tell.
    Well,
    Intercepted,
}

impl Doubt {
    fn ended(&self, claims: &[Claim], now: Instant) -> Ended {
        let claim = claims
            .iter()
            .find(|it| it.url == self.url && it.host == self.host);
        let Some(claim) = claim.filter(|it| !it.keys.contains(&self.met.key)) else {
            return Ended::Well;
        };
        let (later_s, silent) = if claim.fronted {
            (LATER_S.1, Ended::Well)
        } else {
            (LATER_S.0, Ended::Intercepted)
        };
        if claim.time.0 >= self.known.0.saturating_add(later_s) {
            return Ended::Intercepted;
        }
        let wait = if claim.fronted { 2 * SILENT } else { SILENT };
        if now.duration_since(self.since) >= wait {
            return silent;
        }
        Ended::NotYet
    }
}

/// A time until `most` from now.
fn within(most: Duration) -> Instant {
    Instant::now() + most.mul_f64(rand::random_range(0.0..1.0))
}

/// The service: looks at the links of others but the own one, and says where another key is.
pub(crate) struct Looking(pub(crate) Option<String>);

impl Service for Looking {
    async fn run(self, Pool { links, .. }: Pool) {
        let mut due: BTreeMap<String, Instant> = BTreeMap::new();
        let mut doubts: Vec<Doubt> = Vec::new();
        loop {
            sleep(TICK).await;
            let owned = links.owned();
            let claims = links.claims(&owned);
            let mut urls: Vec<&String> = claims.iter().map(|it| &it.url).collect();
            // Organisers' links first: others may say that they have many.
            urls.sort_unstable_by_key(|url| (!owned.urls.contains(*url), *url));
            urls.dedup();
            urls.retain(|url| self.0.as_ref() != Some(url));
            urls.truncate(MOST);
            due.retain(|url, _| urls.contains(&url));
            for url in urls {
                let at = due.entry(url.clone()).or_insert_with(|| within(WITHIN.0));
                if *at > Instant::now() {
                    continue;
                }
                *at = within(WITHIN.1);
                match look(url).await {
                    Ok(met) => {
                        doubts.retain(|it| it.url != *url);
                        let others = claims
                            .iter()
                            .filter(|it| it.url == *url && !it.keys.contains(&met.key));
                        doubts.extend(others.map(|it| Doubt {
                            url: url.clone(),
                            host: it.host,
                            met,
                            known: it.time,
                            since: Instant::now(),
                        }));
                    }
                    Err(why) => tracing::debug!(url, why, "a link does not open"),
                }
            }
            let claims = links.claims(&links.owned());
            let mut open = Vec::new();
            for doubt in doubts {
                match doubt.ended(&claims, Instant::now()) {
                    Ended::NotYet => open.push(doubt),
                    Ended::Well => {}
                    Ended::Intercepted => {
                        let TlsPeer { key, certificate } = doubt.met;
                        let url = doubt.url;
                        let word = LinkWord::Saw {
                            url,
                            key,
                            certificate,
                        };
                        links.say(&word).await;
                    }
                }
            }
            doubts = open;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_foreign_once_the_links_node_has_said_again_that_it_is_not_its_own() {
        let (own, new, evil) = ([1; 32], [2; 32], [3; 32]);
        let claim = |keys: &[[u8; 32]], time, fronted| Claim {
            url: "https://ana.relay.example".to_owned(),
            host: AccountId([7; 32]),
            keys: keys.to_vec(),
            fronted,
            time: UnixSeconds(time),
        };
        let since = Instant::now();
        let doubt = |key| Doubt {
            url: "https://ana.relay.example".to_owned(),
            host: AccountId([7; 32]),
            met: TlsPeer {
                key,
                certificate: [0; 32],
            },
            known: UnixSeconds(1_000),
            since,
        };
        for fronted in [false, true] {
            let ended = |key, keys: &[[u8; 32]], time| {
                doubt(key).ended(&[claim(keys, time, fronted)], since)
            };
            assert_eq!(ended(evil, &[own], 1_000), Ended::NotYet);
            assert_eq!(ended(evil, &[own], 1_150), Ended::Intercepted);
            assert_eq!(ended(evil, &[new, own], 1_150), Ended::Intercepted);
            assert_eq!(ended(new, &[new, own], 1_020), Ended::Well);
            assert_eq!(doubt(evil).ended(&[], since), Ended::Well);
        }
        // The link's node is silent: only a proxy may have a key that nobody knows of.
        let later = since + 2 * SILENT;
        for (fronted, ended) in [(false, Ended::Intercepted), (true, Ended::Well)] {
            let claims = [claim(&[own], 1_000, fronted)];
            assert_eq!(doubt(evil).ended(&claims, later), ended);
        }
    }
}
