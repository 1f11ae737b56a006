//! What the links' own nodes say of their keys, and what others found against it.

use std::collections::BTreeSet;

use bolao_api::{KnownLink, LoggedKey, MetKey};
use bolao_ledger::{AccountId, Signature, UnixSeconds};
use bolao_store::LoggedLink;
use bolao_wallet::LinkWord;

use super::{Kind, MOST_LINKS, Table};

/// The keys that a link's own node says are its.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) url: String,
    pub(crate) host: AccountId,
    /// Those that it has there.
    pub(crate) keys: Vec<[u8; 32]>,
    /// Others that it calls its own.
    pub(crate) owned: Vec<[u8; 32]>,
    pub(crate) fronted: bool,
    pub(crate) time: UnixSeconds,
    pub(crate) signature: Signature,
}

impl Claim {
    /// Whether a key is the node's.
    pub(crate) fn has(&self, key: &[u8; 32]) -> bool {
        self.keys.contains(key) || self.owned.contains(key)
    }

    #[cfg(test)]
    pub(crate) fn of(url: &str, host: AccountId) -> Self {
        Self {
            url: url.to_owned(),
            host,
            keys: Vec::new(),
            owned: Vec::new(),
            fronted: false,
            time: UnixSeconds(0),
            signature: Signature([0; 64]),
        }
    }
}

/// The links that organisers say are theirs, which most players use: another player could say false keys of them.
#[derive(Debug)]
pub(crate) struct Owned {
    pub(crate) organisers: Vec<AccountId>,
    pub(crate) urls: BTreeSet<String>,
}

impl Owned {
    /// Whether somebody may say the keys of a link.
    pub(crate) fn counts(&self, host: &AccountId, url: &str) -> bool {
        self.organisers.contains(host) || !self.urls.contains(url)
    }

    /// The links of claims, organisers' first, since others may say that they have many; no more than a node looks after.
    pub(crate) fn first(&self, claims: &[Claim]) -> Vec<String> {
        let urls: BTreeSet<&String> = claims.iter().map(|it| &it.url).collect();
        let mut urls: Vec<String> = urls.into_iter().cloned().collect();
        urls.sort_by_key(|url| !self.urls.contains(url));
        urls.truncate(MOST_LINKS);
        urls
    }
}

/// The claims of a table that count.
pub(super) fn claims_in(table: &Table, owned: &Owned) -> Vec<Claim> {
    let claims = table.iter().filter_map(|((host, _, _), (word, said))| {
        let LinkWord::Key { url, keys, fronted } = word else {
            return None;
        };
        if !owned.counts(host, url) {
            return None;
        }
        let others = match table.get(&(*host, Kind::Owns, url.clone())) {
            Some((LinkWord::Owns { keys, .. }, _)) => keys.clone(),
            _ => Vec::new(),
        };
        Some(Claim {
            url: url.clone(),
            host: *host,
            keys: keys.clone(),
            owned: others,
            fronted: *fronted,
            time: said.time,
            signature: said.signature,
        })
    });
    claims.collect()
}

/// A link with a claim, and all that is known of it.
pub(super) fn known(table: &Table, claim: Claim) -> KnownLink {
    let (mut met, mut logged) = (Vec::new(), Vec::new());
    for (word, said) in table.values() {
        match word {
            // Of what it meets at its own link, its node says the key.
            LinkWord::Saw {
                url,
                key,
                certificate,
            } if *url == claim.url && !claim.has(key) && said.account != claim.host => {
                met.push(MetKey {
                    seer: said.account,
                    key: *key,
                    certificate: *certificate,
                    time: said.time,
                });
            }
            LinkWord::Logged {
                url,
                key,
                certificate,
                log,
                id,
                is_wildcard,
            } if *url == claim.url && !claim.has(key) => logged.push(LoggedKey {
                found: LoggedLink {
                    url: url.clone(),
                    host: claim.host,
                    reader: said.account,
                    key: *key,
                    log: log.clone(),
                    id: id.clone(),
                    is_wildcard: *is_wildcard,
                    fronted: claim.fronted,
                },
                certificate: *certificate,
                time: said.time,
            }),
            _ => {}
        }
    }
    KnownLink {
        host: claim.host,
        word: LinkWord::Key {
            url: claim.url,
            keys: claim.keys,
            fronted: claim.fronted,
        },
        owned: claim.owned,
        time: claim.time,
        signature: claim.signature,
        met,
        logged,
    }
}
