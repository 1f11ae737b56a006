//! Keys that were met or read at a link, and that its node may not have said yet.

use std::time::{Duration, Instant};

use bolao_ledger::{AccountId, UnixSeconds};
use bolao_wallet::LinkWord;

use crate::reach::links::{Claim, Links};

/// A key is compared with keys that were said so much later than those that were known when it was found, in seconds: more than
/// from one time that they are said, and heard here, to the next. The second is of a proxy.
pub(super) const LATER_S: (u64, u64) = (25, 150);
/// The time after which a link's node counts as gone; a proxy may have a new key then, a certificate of the node's own has none.
pub(super) const SILENT: Duration = Duration::from_mins(3);

/// Another key than those that were known when it was found.
#[derive(Debug)]
struct Doubt {
    url: String,
    host: AccountId,
    key: [u8; 32],
    /// A sentence that is said once it is certain.
    word: LinkWord,
    known: UnixSeconds,
    since: Instant,
}

/// The end of a doubt.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    NotYet,
    /// It was a new key of the link's own node, or nobody can tell.
    Well,
    Foreign,
}

impl Doubt {
    fn ended(&self, claims: &[Claim], now: Instant) -> Ended {
        let claim = claims
            .iter()
            .find(|it| it.url == self.url && it.host == self.host);
        let Some(claim) = claim.filter(|it| !it.has(&self.key)) else {
            return Ended::Well;
        };
        let (later_s, silent) = if claim.fronted {
            (LATER_S.1, Ended::Well)
        } else {
            (LATER_S.0, Ended::Foreign)
        };
        if claim.time.0 >= self.known.0.saturating_add(later_s) {
            return Ended::Foreign;
        }
        let wait = if claim.fronted { 2 * SILENT } else { SILENT };
        if now.duration_since(self.since) >= wait {
            return silent;
        }
        Ended::NotYet
    }
}

/// The doubts of one service.
#[derive(Debug, Default)]
pub(super) struct Doubts(Vec<Doubt>);

impl Doubts {
    /// Doubts a key that was found at a link, if its node has not said it. One that is in doubt already stays so since then.
    pub(super) fn add(&mut self, claim: &Claim, key: [u8; 32], word: LinkWord) {
        let is_it = |it: &Doubt| it.url == claim.url && it.host == claim.host && it.key == key;
        if claim.has(&key) || self.0.iter().any(is_it) {
            return;
        }
        self.0.push(Doubt {
            url: claim.url.clone(),
            host: claim.host,
            key,
            word,
            known: claim.time,
            since: Instant::now(),
        });
    }

    /// Forgets those about a link.
    pub(super) fn forget(&mut self, url: &str) {
        self.0.retain(|it| it.url != url);
    }

    /// Says of which keys it is certain that they are foreign.
    pub(super) async fn end(&mut self, links: &Links) {
        let claims = links.claims(&links.owned());
        let mut open = Vec::new();
        for doubt in std::mem::take(&mut self.0) {
            match doubt.ended(&claims, Instant::now()) {
                Ended::NotYet => open.push(doubt),
                Ended::Well => {}
                Ended::Foreign => links.say(&doubt.word).await,
            }
        }
        self.0 = open;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_foreign_once_the_links_node_has_said_again_that_it_is_not_its_own() {
        let url = "https://ana.relay.example";
        let (own, new, evil) = ([1; 32], [2; 32], [3; 32]);
        let claim = |keys: &[[u8; 32]], time, fronted| Claim {
            keys: keys.to_vec(),
            time: UnixSeconds(time),
            fronted,
            ..Claim::of(url, AccountId([7; 32]))
        };
        let since = Instant::now();
        let doubt = |key| Doubt {
            url: url.to_owned(),
            host: AccountId([7; 32]),
            key,
            word: LinkWord::Saw {
                url: url.to_owned(),
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
            assert_eq!(ended(evil, &[own], 1_150), Ended::Foreign);
            assert_eq!(ended(evil, &[new, own], 1_150), Ended::Foreign);
            assert_eq!(ended(new, &[new, own], 1_020), Ended::Well);
            assert_eq!(doubt(evil).ended(&[], since), Ended::Well);
            let mut owning = claim(&[own], 1_150, fronted);
            owning.owned = vec![evil];
            assert_eq!(doubt(evil).ended(&[owning], since), Ended::Well);
        }
        // The link's node is silent: only a proxy may have a key that nobody knows of.
        let later = since + 2 * SILENT;
        for (fronted, ended) in [(false, Ended::Foreign), (true, Ended::Well)] {
            let claims = [claim(&[own], 1_000, fronted)];
            assert_eq!(doubt(evil).ended(&claims, later), ended);
        }
    }
}
