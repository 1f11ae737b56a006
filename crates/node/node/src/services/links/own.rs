//! The keys behind the node's own link, said to the others.
//!
//! Those that it had before count, too: public logs list a certificate until it ends, and a home may come to another machine. They
//! stand in `link-keys.json`, with those that the owner says are his (`--own-key`). The key of a certificate that is only asked for
//! is said before it comes.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bolao_reach::look;
use bolao_wallet::{LinkWord, MAX_LINK_KEYS, MAX_OWNED_KEYS};
use serde::{Deserialize, Serialize};
use tokio::{task::spawn_blocking, time::sleep};

use crate::{
    home::{Home, HomeError, files::LINK_KEYS},
    pool::Pool,
    services::Service,
};

/// From one time that the own keys are said to the next: of a certificate of the node's own, and of a proxy in front of it, whose
/// certificate only a look shows.
pub(super) const OWN: Duration = Duration::from_secs(10);
pub(super) const FRONTED: Duration = Duration::from_mins(1);
/// The most links of which it has keys, and keys of each.
const MOST_LINKS: usize = 8;
const MOST: usize = MAX_LINK_KEYS + MAX_OWNED_KEYS;

/// SHA-256 of a key of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KeptKey(#[serde(with = "hex::serde")] [u8; 32]);

/// By link, the keys that were its own, the last one first.
type KeptKeys = BTreeMap<String, Vec<KeptKey>>;

impl Home {
    /// Notes keys that are the node's own at a link, those in use before all others, and gives all.
    fn use_link_keys(&self, url: &str, used: &[[u8; 32]]) -> Result<Vec<[u8; 32]>, HomeError> {
        let kept: KeptKeys = self.read_json(LINK_KEYS)?;
        let with = |kept: &[KeptKey]| {
            let used = used.iter().copied().map(KeptKey);
            let others = kept
                .iter()
                .copied()
                .filter(|it| !used.clone().any(|used| used == *it));
            used.clone().chain(others).take(MOST).collect::<Vec<_>>()
        };
        let of_link = kept.get(url).map_or(&[][..], Vec::as_slice);
        let all = with(of_link);
        if all != of_link {
            self.change_json(LINK_KEYS, 0o644, |kept: &mut KeptKeys| {
                if !kept.contains_key(url) && kept.len() >= MOST_LINKS {
                    kept.pop_first();
                }
                let of_link = kept.entry(url.to_owned()).or_default();
                *of_link = with(of_link);
                Ok::<_, HomeError>(())
            })?;
        }
        Ok(all.into_iter().map(|it| it.0).collect())
    }

    /// Notes keys that the node's owner calls his, though the node has not used them.
    pub fn own_link_keys(&self, url: &str, keys: &[[u8; 32]]) -> Result<(), HomeError> {
        self.use_link_keys(url, keys).map(drop)
    }
}

/// Gives the keys of the node's own certificate, and of the next.
pub(crate) type OwnKeys = Arc<dyn Fn() -> Vec<[u8; 32]> + Send + Sync>;

/// The service: says by which keys the node answers at its link. Without a certificate of its own it is whatever the link shows this
/// machine.
pub(crate) struct OwnLink {
    pub(crate) url: String,
    pub(crate) keys: Option<OwnKeys>,
}

impl Service for OwnLink {
    async fn run(self, Pool { links, home, .. }: Pool) {
        let Self { url, keys } = self;
        let (pause, fronted) = match keys {
            Some(_) => (OWN, false),
            None => (FRONTED, true),
        };
        loop {
            let used = match &keys {
                Some(keys) => keys(),
                None => look(&url)
                    .await
                    .ok()
                    .map(|met| met.key)
                    .into_iter()
                    .collect(),
            };
            if !used.is_empty() {
                let (home, of) = (home.clone(), url.clone());
                let noting = used.clone();
                let kept = spawn_blocking(move || home.use_link_keys(&of, &noting)).await;
                let all = match kept {
                    Ok(Ok(all)) => all,
                    Ok(Err(error)) => {
                        tracing::warn!(%error, "the earlier keys of this node's link cannot be read or kept");
                        used
                    }
                    Err(_) => used,
                };
                let (keys, owned) = all.split_at(all.len().min(MAX_LINK_KEYS));
                // Before the others: those are heard last.
                if !owned.is_empty() {
                    let (url, keys) = (url.clone(), owned.to_vec());
                    links.say(&LinkWord::Owns { url, keys }).await;
                }
                let (url, keys) = (url.clone(), keys.to_vec());
                links.say(&LinkWord::Key { url, keys, fronted }).await;
            }
            sleep(pause).await;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Logs list a certificate until it ends: a home that was restored elsewhere, or has a new key, says what it had.
    #[test]
    fn keys_of_before_stay_a_links_own_in_its_home_and_in_its_backup() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let url = "https://ana.relay.example";
        assert_eq!(home.use_link_keys(url, &[[1; 32]]).unwrap(), [[1; 32]]);
        let both = home.use_link_keys(url, &[[2; 32]]).unwrap();
        assert_eq!(both, [[2; 32], [1; 32]]);
        home.own_link_keys(url, &[[9; 32]]).unwrap();
        let all = home.use_link_keys(url, &[[2; 32], [3; 32]]).unwrap();
        assert_eq!(all, [[2; 32], [3; 32], [9; 32], [1; 32]]);
        let other = home.use_link_keys("https://pool.example", &[[4; 32]]);
        assert_eq!(other.unwrap(), [[4; 32]]);
        let moved = home.moved(false).unwrap();
        assert!(
            moved
                .iter()
                .any(|(name, text)| *name == LINK_KEYS && text.contains(&"01".repeat(32)))
        );
        for key in 10..30 {
            let kept = home.use_link_keys(url, &[[key; 32]]).unwrap();
            assert!(kept.len() <= MOST && kept.first() == Some(&[key; 32]));
        }
        for number in 0..20 {
            let url = format!("https://{number}.example");
            home.use_link_keys(&url, &[[1; 32]]).unwrap();
        }
        let kept: KeptKeys = home.read_json(LINK_KEYS).unwrap();
        assert_eq!(kept.len(), MOST_LINKS);
    }
}
