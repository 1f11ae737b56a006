//! Sends bets again that lost their nonce to another transaction of the same key, as where two devices with the same words were
//! apart.
//!
//! What can be bet no more stays away, and so does a match on which the key has bet elsewhere since: nobody knows which of the
//! two was meant. The notice of the dropped transaction tells of those.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    future::pending,
    sync::Arc,
    time::Duration,
};

use bolao_acting::{Leave, Wish};
use bolao_api::NodeError;
use bolao_chain::Event;
use bolao_ledger::{
    AccountId, MatchNo, Nonce, OpenBet, Placed, StateView as _, Transaction, UnixSeconds,
};
use bolao_store::{Reader, Snapshot, StoreError};
use bolao_wallet::{Key, WalletFile};
use tokio::{
    sync::{
        broadcast::{
            Receiver,
            error::{RecvError, TryRecvError},
        },
        mpsc,
    },
    task::spawn_blocking,
    time::sleep,
};

use crate::{
    clock::now,
    pool::Pool,
    reading::read,
    services::Service,
    sign::signing::{SignError, Signer},
};

/// So long events are gathered: transactions are dropped one by one, with all behind them.
const GATHER: Duration = Duration::from_millis(50);
/// As many are looked at together at most, and wait to be.
const MOST: usize = 256;
/// So long after a refusal that passes the bets are tried again: a block may have made room.
const AGAIN: Duration = Duration::from_secs(10);
/// So long they are tried, in seconds.
const TRIED_S: u64 = 3_600;

/// A transaction that lost its place.
#[derive(Clone)]
struct Lost {
    transaction: Arc<Transaction>,
    /// When its bets were first tried in vain.
    since: Option<UnixSeconds>,
}

impl Lost {
    fn account(&self) -> AccountId {
        self.transaction.body.account
    }
}

/// The service, with every event from the core's start on. Events are taken while bets are being sent, so that none is missed.
pub(crate) struct Resending(pub(crate) Receiver<Event>);

impl Service for Resending {
    async fn run(self, Pool { signer, .. }: Pool) {
        let (found, waiting) = mpsc::channel(MOST);
        tokio::join!(gather(&signer, self.0, found), send_all(&signer, waiting));
    }
}

async fn gather(
    signer: &Signer,
    mut events: Receiver<Event>,
    found: mpsc::Sender<Arc<Transaction>>,
) {
    loop {
        let dropped = next(&mut events).await;
        for transaction in own(signer, dropped).await {
            if found.try_send(transaction).is_err() {
                missed("too many transactions lost their place at once");
            }
        }
    }
}

/// The next transactions that lost their place, of anybody.
async fn next(events: &mut Receiver<Event>) -> Vec<Arc<Transaction>> {
    let mut dropped = Vec::new();
    loop {
        let event = if dropped.is_empty() {
            events.recv().await
        } else {
            match events.try_recv() {
                Ok(event) => Ok(event),
                Err(TryRecvError::Lagged(missed)) => Err(RecvError::Lagged(missed)),
                Err(TryRecvError::Empty | TryRecvError::Closed) => return dropped,
            }
        };
        match event {
            Ok(event) => dropped.extend(lost(event)),
            Err(RecvError::Lagged(_)) => missed("this node fell behind with its own events"),
            Err(RecvError::Closed) => return pending().await,
        }
        if dropped.len() == MOST {
            return dropped;
        }
    }
}

/// Those of the player and of accounts that joined under a name of this wallet: strangers' are to take no place of these. The wallet
/// itself is not waited for, since whoever sends holds it.
async fn own(signer: &Signer, mut dropped: Vec<Arc<Transaction>>) -> Vec<Arc<Transaction>> {
    let (player, names) = (signer.player(), signer.names());
    if dropped.iter().all(|it| it.body.account == player) {
        return dropped;
    }
    let own = read(signer.reader(), move |snapshot| {
        let mut known = BTreeMap::from([(player, true)]);
        for account in dropped.iter().map(|it| it.body.account) {
            if let Entry::Vacant(entry) = known.entry(account) {
                let joined = snapshot.account(&account)?;
                entry.insert(joined.is_some_and(|it| names.contains(it.name.folded().as_str())));
            }
        }
        dropped.retain(|it| known.get(&it.body.account) == Some(&true));
        Ok(dropped)
    });
    own.await.unwrap_or_else(|| {
        missed("the store could not be read");
        Vec::new()
    })
}

fn missed(why: &str) {
    tracing::warn!(
        "{why}: bets of this home may be among them and are not sent again; `bolao log` lists the bets that lost \
        their place"
    );
}

async fn send_all(signer: &Signer, mut waiting: mpsc::Receiver<Arc<Transaction>>) {
    let mut dropped: Vec<Lost> = Vec::new();
    loop {
        let first = tokio::select! {
            transaction = waiting.recv() => match transaction {
                Some(transaction) => Some(transaction),
                None => pending().await,
            },
            () = sleep(AGAIN), if !dropped.is_empty() => None,
        };
        if first.is_some() {
            sleep(GATHER).await;
        }
        let more = std::iter::from_fn(|| waiting.try_recv().ok());
        let more = first.into_iter().chain(more).take(MOST);
        dropped.extend(more.map(|transaction| Lost {
            transaction,
            since: None,
        }));
        dropped = send(signer, dropped, now().unix).await;
    }
}

/// A transaction whose place another one has in the chain. Not one that waited for others in vain, such as an old one that a stranger
/// kept: the bets since then have lower nonces, and would pass for older ones.
fn lost(event: Event) -> Option<Arc<Transaction>> {
    match event {
        Event::TransactionDropped {
            transaction,
            overtaken: true,
            ..
        } => Some(transaction),
        _ => None,
    }
}

/// Sends again what can be; gives what is to be tried once more.
async fn send(signer: &Signer, mut dropped: Vec<Lost>, now: UnixSeconds) -> Vec<Lost> {
    let wallet = signer.wallet().await;
    let (reader, transactions) = (signer.reader().clone(), dropped.clone());
    let finding = spawn_blocking(move || {
        let again = again(&wallet, &reader, transactions);
        (wallet, again)
    });
    let found = finding.await.map_err(SignError::from);
    let found = found.and_then(|(wallet, again)| Ok((wallet, again?)));
    let (wallet, again) = match found {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(%error, "bets that lost their place were not sent again");
            return Vec::new();
        }
    };
    let mut later = BTreeSet::new();
    for (key, nonce, bets) in again {
        let matches: Vec<_> = bets.iter().map(|bet| bet.match_no.0).collect();
        let leave = Leave::Refused;
        match signer.fulfil(&key, nonce, Wish::Bets { bets, leave }).await {
            Ok(done) if done.ids.is_empty() => {}
            Ok(done) => {
                tracing::warn!(
                    ?matches,
                    ids = ?done.ids,
                    "bets that lost their place are sent again by this node, as far as the rules take them"
                );
            }
            Err(SignError::Node(NodeError::Stopped)) => return Vec::new(),
            Err(error) => {
                tracing::debug!(?matches, %error, "bets that lost their place are refused for now");
                later.insert(key.account());
            }
        }
    }
    drop(wallet);
    dropped.retain(|lost| later.contains(&lost.account()));
    if dropped.iter().any(|lost| lost.since.is_none()) {
        tracing::warn!(
            "bets that lost their place could not be sent again yet: they are tried again"
        );
    }
    let all = dropped.len();
    dropped.retain_mut(|lost| {
        let since = *lost.since.get_or_insert(now);
        now.0.saturating_sub(since.0) < TRIED_S
    });
    if dropped.len() < all {
        tracing::warn!(
            "bets that lost their place could not be sent again in an hour: `bolao log` lists them"
        );
    }
    dropped
}

/// The bets of the dropped transactions that the wallet's keys signed and may place again, by key, with the key's next nonce.
fn again(
    wallet: &WalletFile,
    reader: &Reader,
    mut dropped: Vec<Lost>,
) -> Result<Vec<(Key, Nonce, Vec<OpenBet>)>, StoreError> {
    let snapshot = reader.snapshot()?;
    dropped.sort_by_key(|lost| lost.transaction.body.nonce);
    let mut again = Vec::new();
    let player = wallet.player();
    let accounts: BTreeSet<AccountId> = dropped.iter().map(Lost::account).collect();
    for account in accounts {
        let key = if account == player.account() {
            player.clone()
        } else if let Some(key) = key_of_name(wallet, &snapshot, &account)? {
            key
        } else {
            continue;
        };
        let own = dropped.iter().filter(|lost| lost.account() == account);
        let mut own = own.map(|lost| &*lost.transaction).peekable();
        let Some(first) = own.peek().map(|transaction| transaction.body.nonce) else {
            continue;
        };
        let mut bets: Vec<OpenBet> = own.flat_map(|it| placed(&key, reader, it)).collect();
        let mut seen = elsewhere(&snapshot, &account, first, &bets)?;
        // Of several bets on a match the last counts.
        bets.reverse();
        bets.retain(|bet| seen.insert(bet.match_no));
        bets.reverse();
        again.push((key, snapshot.next_nonce(&account)?, bets));
    }
    Ok(again)
}

/// The wallet's key of the name under which an account has joined, if that is the account's. Other names' keys are not made for
/// it: where there are many that takes long, and anybody's transactions may be dropped.
fn key_of_name(
    wallet: &WalletFile,
    snapshot: &Snapshot,
    account: &AccountId,
) -> Result<Option<Key>, StoreError> {
    let joined = snapshot.account(account)?;
    let index = joined.and_then(|it| wallet.index_of_name(&it.name.folded()));
    let key = index.map(|index| wallet.key(index));
    Ok(key.filter(|key| key.account() == *account))
}

/// The bets of a transaction, as far as the key can read them.
fn placed(key: &Key, reader: &Reader, transaction: &Transaction) -> Vec<OpenBet> {
    let (pool, nonce) = (reader.pool_id(), transaction.body.nonce);
    let read = |no, placed| match placed {
        Placed::Open(prediction) => Some(prediction),
        Placed::Sealed(commitment) => key.reopen(pool, no, nonce, &commitment),
    };
    let bets = transaction.body.action.placed().into_iter();
    bets.filter_map(|bet| {
        Some(OpenBet {
            match_no: bet.match_no,
            prediction: read(bet.match_no, bet.placed)?,
            stake: bet.stake,
        })
    })
    .collect()
}

/// On which of these matches the account has bet with this nonce or a later one.
fn elsewhere(
    snapshot: &Snapshot,
    account: &AccountId,
    first: Nonce,
    bets: &[OpenBet],
) -> Result<BTreeSet<MatchNo>, StoreError> {
    let waiting = snapshot.ready_of(account)?;
    let mut found: BTreeSet<MatchNo> = waiting
        .iter()
        .filter(|transaction| transaction.body.nonce >= first)
        .flat_map(|transaction| transaction.body.action.placed())
        .map(|bet| bet.match_no)
        .collect();
    for no in bets.iter().map(|bet| bet.match_no) {
        let Some(bet) = snapshot.bet(no, account)? else {
            continue;
        };
        let by = snapshot.confirmed_transaction(&bet.tx)?;
        if by.is_none_or(|transaction| transaction.body.nonce >= first) {
            found.insert(no);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
