//! What is said of the pool's links among players' nodes, as far as this node has heard it ([`crate::services::links`] says and asks).
//!
//! What comes is bounded: from players and organisers only, the last word of each about a link, a few of a kind each ([`room`]). What
//! the links' own nodes say of their keys, and what others found against it, is put together in [`claims`].

mod claims;
mod room;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bolao_api::{KnownLink, ReadLogs, body::Viewers};
use bolao_chain::{MAX_SAID, Request, Said};
use bolao_ledger::{AccountId, StateView as _, UnixSeconds, encode};
use bolao_network::{NetworkHandle, PeerId};
use bolao_store::{Snapshot, StoreError};
use bolao_wallet::{LinkWord, is_word_signed};
use tokio::sync::Notify;

pub(crate) use claims::{Claim, Owned};
use claims::{claims_in, known};
use room::Room;

use crate::{clock::now, home::viewers::viewers_of, kernel::Started, sign::signing::Signer};

/// The time for which something said is good, by the clocks of both, in seconds; and a clock may be ahead by as much.
pub(crate) const GOOD_S: u64 = 24 * 3_600;
/// The time after which a node says again that it runs, in seconds.
pub(crate) const RUNS_S: u64 = 600;
/// The most links that a node opens, and of which it reads logs.
const MOST_LINKS: usize = 8;
/// Requests of links have ids from here on; the core's count from one.
pub(crate) const IDS: u64 = 1 << 63;

/// Whether an id is that of a question for what is said of links.
pub(crate) const fn is_ours(id: u64) -> bool {
    id >= IDS
}

/// The kind of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Key,
    Owns,
    Saw,
    Logged,
    Runs,
    Viewers,
}

/// By player, kind, and what it is about.
type Place = (AccountId, Kind, String);

fn place(account: AccountId, word: &LinkWord) -> Place {
    match word {
        LinkWord::Key { url, .. } => (account, Kind::Key, url.clone()),
        LinkWord::Owns { url, .. } => (account, Kind::Owns, url.clone()),
        LinkWord::Saw { url, .. } => (account, Kind::Saw, url.clone()),
        LinkWord::Logged { url, key, .. } => {
            let about = format!("{url} {}", hex::encode(key));
            (account, Kind::Logged, about)
        }
        LinkWord::Runs { node, run } => (account, Kind::Runs, format!("{node} {run:?}")),
        LinkWord::Viewers { .. } => (account, Kind::Viewers, String::new()),
    }
}

/// Whether it is of a time at which a sentence is still good.
fn is_good(said: &Said, word: &LinkWord, now: UnixSeconds) -> bool {
    let good_s = match word {
        LinkWord::Runs { .. } => RUNS_S,
        LinkWord::Key { .. }
        | LinkWord::Owns { .. }
        | LinkWord::Saw { .. }
        | LinkWord::Logged { .. } => GOOD_S,
        // Until the next one.
        LinkWord::Viewers { .. } => return said.time.0 <= now.0.saturating_add(GOOD_S),
    };
    now.0.abs_diff(said.time.0) <= good_s
}

/// All that is said of the pool's links.
#[derive(Debug)]
pub(crate) struct Links {
    pub(crate) signer: Arc<Signer>,
    /// The node's own id, and this run of it.
    pub(crate) node: String,
    pub(crate) run: [u8; 16],
    started: Started,
    /// When another machine was heard last that runs with this home's keys.
    elsewhere: Mutex<Option<UnixSeconds>>,
    said: Mutex<Table>,
    /// The newest word of this node that it runs.
    runs: Mutex<Option<Said>>,
    /// The age of what public logs say; none where there is no link whose name they know of.
    logs: Mutex<Option<ReadLogs>>,
    /// Told once there is something new.
    pub(crate) changed: Notify,
}

/// The sentences, by their places.
type Table = BTreeMap<Place, (LinkWord, Said)>;

/// Whether an account is a player's or an organiser's.
fn is_of_pool(
    snapshot: &Snapshot,
    signer: &Signer,
    account: &AccountId,
) -> Result<bool, StoreError> {
    let organisers = snapshot.organisers(signer.reader().genesis())?;
    Ok(organisers.contains(account) || snapshot.account(account)?.is_some())
}

impl Links {
    /// Of a player's node, by its id.
    pub(crate) fn new(signer: Arc<Signer>, node: String) -> Self {
        Self {
            signer,
            node,
            run: rand::random(),
            started: Started::now(),
            elsewhere: Mutex::default(),
            said: Mutex::default(),
            runs: Mutex::default(),
            logs: Mutex::default(),
            changed: Notify::new(),
        }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When another machine was heard last that runs with this home's keys; none since this node started.
    pub(crate) fn elsewhere(&self) -> Option<UnixSeconds> {
        let elsewhere = self.elsewhere.lock();
        *elsewhere.unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what another machine says with this home's keys. What this node said before it started again is older, also where its
    /// clock was wrong at the start and was set right since.
    fn hear_of_copy(&self, said: &Said, word: &LinkWord, now: UnixSeconds) {
        if let LinkWord::Runs { node, run } = word
            && said.account == self.signer.player()
            && *node == self.node
            && *run != self.run
            && said.time > self.started.by(now)
        {
            let elsewhere = self.elsewhere.lock();
            *elsewhere.unwrap_or_else(PoisonError::into_inner) = Some(now);
        }
    }

    /// The age of what public logs say.
    pub(crate) fn read_logs(&self) -> Option<ReadLogs> {
        let logs = self.logs.lock();
        logs.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_logs(&self, logs: Option<ReadLogs>) {
        *self.logs.lock().unwrap_or_else(PoisonError::into_inner) = logs;
    }

    /// All that is said, for a peer that asks.
    pub(crate) fn all(&self) -> Vec<Said> {
        let runs = self.runs.lock();
        let runs = runs.unwrap_or_else(PoisonError::into_inner).clone();
        let table = self.table();
        let others = table.values().map(|(_, said)| said);
        let others = others.filter(|said| runs.as_ref() != Some(said)).cloned();
        runs.iter().cloned().chain(others).take(MAX_SAID).collect()
    }

    /// The player whose node a peer is, by what it answered: the player has signed that it runs. When that was says nothing, since
    /// the peer has proven that it has the node's key now.
    pub(crate) fn player_of(&self, peer: &str, all: &[Said]) -> Option<AccountId> {
        let snapshot = self.signer.reader().snapshot().ok()?;
        let is_of_peer = |said: &&Said| {
            let Ok(text) = str::from_utf8(&said.text) else {
                return false;
            };
            let runs = text.parse();
            matches!(runs, Ok(LinkWord::Runs { node, .. }) if node == peer)
                && is_of_pool(&snapshot, &self.signer, &said.account).unwrap_or(false)
                && is_word_signed(
                    text,
                    self.signer.pool(),
                    &said.account,
                    said.time,
                    &said.signature,
                )
        };
        all.iter().find(is_of_peer).map(|said| said.account)
    }

    /// Says something in the player's name.
    pub(crate) async fn say(&self, word: &LinkWord) {
        self.say_at(word, now().unix).await;
    }

    /// The same, as of a time.
    pub(crate) async fn say_at(&self, word: &LinkWord, time: UnixSeconds) {
        let signer = &self.signer;
        let text = word.to_string();
        let wallet = signer.wallet().await;
        let signature = wallet.player().say(&text, signer.pool(), time);
        drop(wallet);
        let said = Said {
            account: signer.player(),
            time,
            text: text.into_bytes(),
            signature,
        };
        if matches!(word, LinkWord::Runs { .. }) {
            let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
            *runs = Some(said.clone());
        }
        self.take(vec![said]);
    }

    /// Takes the last word of an organiser about who may look, as the home has kept it.
    pub(crate) fn remember(&self, said: Said) {
        let players = match viewers_of(&said) {
            Some(viewers) => viewers == Viewers::Players,
            None => return,
        };
        let word = LinkWord::Viewers { players };
        self.table()
            .insert(place(said.account, &word), (word, said));
    }

    /// The last word of an organiser about who may look.
    pub(crate) fn viewers(&self) -> Option<Said> {
        let table = self.table();
        let words = table
            .values()
            .filter(|(word, _)| matches!(word, LinkWord::Viewers { .. }));
        let last = words.max_by_key(|(_, said)| (said.time, said.account));
        last.map(|(_, said)| said.clone())
    }

    /// Takes what a peer has heard, as far as it is new and from players; what is old is forgotten.
    pub(crate) fn take(&self, all: Vec<Said>) {
        match self.taken(all, now().unix) {
            Ok(true) => self.changed.notify_waiters(),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "what is said of links cannot be checked"),
        }
    }

    fn taken(&self, all: Vec<Said>, now: UnixSeconds) -> Result<bool, StoreError> {
        let signer = &self.signer;
        let snapshot = signer.reader().snapshot()?;
        let mut is_new = false;
        self.table()
            .retain(|_, (word, said)| is_good(said, word, now));
        let owned = self.owned();
        let room = Room {
            own: signer.player(),
            claims: self.claims(&owned),
            owned,
        };
        for said in all {
            let text = str::from_utf8(&said.text).ok();
            let Some((text, word)) = text.and_then(|it| Some((it, it.parse::<LinkWord>().ok()?)))
            else {
                continue;
            };
            let place = place(said.account, &word);
            let held = self.table().get(&place).map(|(_, held)| held.time);
            if !is_good(&said, &word, now) || held.is_some_and(|held| held >= said.time) {
                continue;
            }
            if !is_of_pool(&snapshot, signer, &said.account)? {
                continue;
            }
            // # Rule M6: who may look is for organisers to say.
            let organises = room.owned.organisers.contains(&said.account);
            if place.1 == Kind::Viewers && !organises {
                continue;
            }
            if !is_word_signed(
                text,
                signer.pool(),
                &said.account,
                said.time,
                &said.signature,
            ) {
                continue;
            }
            self.hear_of_copy(&said, &word, now);
            let mut table = self.table();
            if held.is_none() && !room.is_made(&mut table, &place, &word) {
                continue;
            }
            table.insert(place, (word, said));
            is_new = true;
        }
        Ok(is_new)
    }

    /// The organisers, and the links that they say are theirs: no other player says anything of those.
    pub(crate) fn owned(&self) -> Owned {
        let signer = &self.signer;
        let snapshot = signer.reader().snapshot();
        let organisers = snapshot.and_then(|it| it.organisers(signer.reader().genesis()));
        let organisers: Vec<AccountId> = organisers
            .inspect_err(|error| tracing::error!(%error, "who organises cannot be read"))
            .unwrap_or_default();
        let table = self.table();
        let urls = table.values().filter_map(|(word, said)| match word {
            LinkWord::Key { url, .. } if organisers.contains(&said.account) => Some(url.clone()),
            _ => None,
        });
        let urls = urls.collect();
        drop(table);
        Owned { organisers, urls }
    }

    pub(crate) fn claims(&self, owned: &Owned) -> Vec<Claim> {
        claims_in(&self.table(), owned)
    }

    /// Each link, with its node's keys, and the other keys that players' nodes met there, or read in logs.
    pub(crate) fn known(&self) -> Vec<KnownLink> {
        let owned = self.owned();
        let table = self.table();
        let claims = claims_in(&table, &owned).into_iter();
        claims.map(|claim| known(&table, claim)).collect()
    }
}

/// Asks a peer now what is said.
pub(crate) fn ask(network: &NetworkHandle, peer: PeerId) {
    // The service asks the next time.
    let _ = network.request(peer, IDS, encode(&Request::Said {}));
}

#[cfg(test)]
pub(crate) mod tests;
