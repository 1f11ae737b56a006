//! Opens sealed bets from kick-off on, for the player and for the names whose keys the wallet has; and for players who are away,
//! of shares that keepers gave out ([`keepers`]).
//!
//! Nothing is remembered: the chain's state says what is still to be opened, and the keys give the salts
//! ([`bolao_wallet::Key::opening`]). So the next look sends an opening again, whatever became of it: a restart, a
//! reorganisation, a full mempool. A look comes with each tip of the chain and with each kick-off by the clock.
//!
//! - A sealed bet is opened if its match has begun, its window has not ended, and no opening of it waits for a block. No
//!   single clock decides whether a match has begun: [`clocks`] has the rule.
//! - If the key's own salt does not open a seal, another program made it and alone can open it. That is logged once.
//!
//! A seal is *shut* until its match has begun for sure; *due* until its window ends ([`is_due`]), in which the own key opens it at
//! once, and keepers' shares some seconds later; *missed* after that, which is logged once ([`missed`]).

mod clocks;
mod keepers;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use bolao_acting::Wish;
use bolao_api::NodeError;
use bolao_chain::Event;
use bolao_ledger::{
    AccountId, Item, MatchNo, Nonce, Opening, OwnClock, Placed, Reason, StateView as _, TxId,
    UnixSeconds,
};
use bolao_store::{Reader, Snapshot, StoreError};
use bolao_wallet::{Key, KeyIndex, WalletFile};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError, error::TryRecvError},
    task::spawn_blocking,
    time::{sleep, timeout},
};

use crate::{
    clock::now,
    engine::Engine,
    pool::Pool,
    services::Service,
    sign::signing::{SignError, Signer},
};

use clocks::{Clocks, ConnectedPeers, Others};

/// The longest rest, since clocks are set.
const LONGEST_REST: Duration = Duration::from_secs(30);
/// From one look to the next while only other nodes' tips are missing.
const ASK_AGAIN: Duration = Duration::from_secs(1);
/// After something went wrong.
const RETRY: Duration = Duration::from_secs(10);
/// After another program took the nonce first.
const OVERTAKEN: Duration = Duration::from_millis(250);
/// The time for which events are gathered before the next look.
const GATHER: Duration = Duration::from_millis(20);

/// The service.
pub(crate) struct OpeningBets;

impl Service for OpeningBets {
    async fn run(self, pool: Pool) {
        let Pool {
            signer,
            engine,
            network,
            reports,
            ..
        } = &pool;
        let mut events = engine.events();
        pool.caught_up().await;
        let (mut known, mut peers) = (Known::default(), ConnectedPeers::default());
        loop {
            let others = peers.look(network, reports, Instant::now());
            let own = own_clock(signer, engine).await;
            let pause = match look(signer, &mut known, others, own).await {
                Ok(next) => next.min(LONGEST_REST),
                Err(SignError::Node(NodeError::Rejected(rejection)))
                    if Reason::OVERTAKEN.contains(&rejection.reason) =>
                {
                    OVERTAKEN
                }
                Err(error) => {
                    tracing::warn!(%error, "sealed bets could not be opened yet");
                    RETRY
                }
            };
            wait(&mut events, pause).await;
        }
    }
}

/// This node's own clock. Where nobody votes, nothing rests on whether it agrees with others'.
async fn own_clock(signer: &Signer, engine: &Engine) -> OwnClock {
    let votes = signer.reader().genesis().consensus.voting().is_some();
    let agrees = votes && engine.clock_agrees().await.unwrap_or(false);
    OwnClock {
        shows: now().unix,
        agrees,
    }
}

/// Until the chain changes or `pause` is over.
async fn wait(events: &mut Receiver<Event>, pause: Duration) {
    let changed = async {
        loop {
            match events.recv().await {
                Ok(
                    Event::TipChanged { .. }
                    | Event::Final { .. }
                    | Event::TransactionDropped { .. }
                    | Event::SyncDone { .. },
                )
                | Err(RecvError::Lagged(_)) => return,
                Ok(_) => {}
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    };
    if timeout(pause, changed).await.is_ok() {
        sleep(GATHER).await;
        while matches!(events.try_recv(), Ok(_) | Err(TryRecvError::Lagged(_))) {}
    }
}

/// The memory that one look leaves for the next, so that nothing is derived or logged twice.
#[derive(Debug, Default)]
struct Known {
    accounts: BTreeMap<KeyIndex, AccountId>,
    foreign: BTreeSet<(TxId, MatchNo)>,
    /// Bets of which it was told that nobody opened them in time.
    missed: BTreeSet<(TxId, MatchNo)>,
    /// The deals of others, whose seals keepers' shares open.
    shared: keepers::Seen,
}

/// The openings that are due from an account, with its key.
struct Due {
    key: Key,
    /// The account's next.
    nonce: Nonce,
    openings: Vec<Opening>,
}

/// Sends what is due; how long it is until the next kick-off.
async fn look(
    signer: &Signer,
    known: &mut Known,
    others: Others,
    own: OwnClock,
) -> Result<Duration, SignError> {
    let wallet = signer.wallet().await;
    let (reader, mut kept) = (signer.reader().clone(), std::mem::take(known));
    let (wallet, found, shared, kept) = spawn_blocking(move || {
        let found = due(&wallet, &reader, &mut kept, &others, own);
        let shared = shared(&wallet, &reader, &mut kept, &others, own);
        (wallet, found, shared, kept)
    })
    .await?;
    *known = kept;
    let ((due, mut next), shared) = (found?, shared?);
    let mut failed = None;
    for due in due {
        // What hinders one account need not hinder the others.
        match send(signer, due).await {
            Ok(rest) => next = next.min(rest),
            Err(error) => failed = Some(error),
        }
    }
    drop(wallet);
    next = shared.rest.map_or(next, |rest| next.min(rest));
    if let Err(error) = keepers::send(signer, shared).await {
        failed = Some(error);
    }
    failed.map_or(Ok(next), Err)
}

/// The openings that keepers' shares give for players without a key here.
fn shared(
    wallet: &WalletFile,
    reader: &Reader,
    known: &mut Known,
    others: &Others,
    own: OwnClock,
) -> Result<keepers::Found, StoreError> {
    let clocks = Clocks::read(&reader.snapshot()?, reader.genesis(), others, own)?;
    let player = wallet.player().account();
    let owned = known.accounts.values().copied().chain([player]).collect();
    keepers::find(
        reader,
        &clocks,
        (player, &owned),
        &mut known.shared,
        Instant::now(),
    )
}

/// Sends what is due from an account; how long it is until the next look.
async fn send(signer: &Signer, due: Due) -> Result<Duration, SignError> {
    let (account, bets) = (due.key.account(), due.openings.len());
    let wish = Wish::Openings(due.openings);
    let done = signer.fulfil(&due.key, due.nonce, wish).await?;
    let bets = bets.saturating_sub(done.left_out.len());
    tracing::info!(%account, bets, ids = ?done.ids, "opening sealed bets");
    if done.left_out.is_empty() {
        return Ok(LONGEST_REST);
    }
    let matches: Vec<_> = done.left_out.iter().map(|no| no.0).collect();
    tracing::warn!(%account, ?matches, "sealed bets could not be opened yet");
    Ok(RETRY)
}

fn due(
    wallet: &WalletFile,
    reader: &Reader,
    known: &mut Known,
    others: &Others,
    own: OwnClock,
) -> Result<(Vec<Due>, Duration), StoreError> {
    let snapshot = reader.snapshot()?;
    let clocks = Clocks::read(&snapshot, reader.genesis(), others, own)?;
    let window_s = reader.genesis().rules.opening_window_s;
    let items = snapshot.items()?;
    let next = rest(&items, &clocks, window_s);
    let begun: Vec<MatchNo> = items
        .iter()
        .filter(|item| is_due(item, &clocks, window_s))
        .map(|item| item.no)
        .collect();
    let missed = missed(&snapshot, &items, window_s)?;
    let mut due = Vec::new();
    if begun.is_empty() && missed.is_empty() {
        return Ok((due, next));
    }
    let indexes = std::iter::once(KeyIndex::PLAYER).chain(wallet.names().map(|(_, index)| index));
    for index in indexes {
        let account = known
            .accounts
            .entry(index)
            .or_insert_with(|| wallet.key(index).account());
        let account = *account;
        tell_missed(&snapshot, &account, &missed, known)?;
        let sealed = sealed(&snapshot, &account, &begun, known)?;
        if sealed.is_empty() {
            continue;
        }
        let key = wallet.key(index);
        let openings = openings(&snapshot, reader, &key, sealed, known)?;
        if !openings.is_empty() {
            let nonce = snapshot.next_nonce(&account)?;
            due.push(Due {
                key,
                nonce,
                openings,
            });
        }
    }
    Ok((due, next))
}

/// The time until something may be due that no event announces.
fn rest(items: &[Item], clocks: &Clocks, window_s: u32) -> Duration {
    let unconfirmed = Clocks {
        confirmed: clocks.begun.chain,
        ..clocks.clone()
    };
    let waits =
        |item: &Item| is_due(item, &unconfirmed, window_s) && !is_due(item, clocks, window_s);
    if items.iter().any(waits) {
        return ASK_AGAIN;
    }
    items
        .iter()
        .filter_map(|item| item.begins?.checked_sub(clocks.begun.own.0))
        .filter(|left| left.0 > 0)
        .min()
        .map_or(LONGEST_REST, |left| Duration::from_secs(left.0))
}

fn is_due(item: &Item, clocks: &Clocks, window_s: u32) -> bool {
    let over = |ends: UnixSeconds| ends <= clocks.next_block();
    item.unopened > 0 && clocks.have_passed(item) && !item.openings_end(window_s).is_some_and(over)
}

/// Items with seals whose window is over by the pool's time, and whose record is not final.
fn missed(snapshot: &Snapshot, items: &[Item], window_s: u32) -> Result<Vec<MatchNo>, StoreError> {
    let clock = snapshot.totals()?.clock;
    let is_over = |item: &&Item| {
        item.unopened > 0
            && item
                .openings_end(window_s)
                .is_some_and(|ends| ends <= clock)
    };
    let mut missed = Vec::new();
    for item in items.iter().filter(is_over) {
        let record = snapshot.result(item.of)?;
        if !record.is_some_and(|it| it.is_settled()) {
            missed.push(item.no);
        }
    }
    Ok(missed)
}

/// Says once of each bet of an account that it does not count, since nobody opened it in time.
fn tell_missed(
    snapshot: &Snapshot,
    account: &AccountId,
    missed: &[MatchNo],
    known: &mut Known,
) -> Result<(), StoreError> {
    for match_no in missed.iter().copied() {
        let Some(bet) = snapshot.bet(match_no, account)? else {
            continue;
        };
        if bet.prediction().is_none() && known.missed.insert((bet.tx, match_no)) {
            tracing::warn!(
                %account, %match_no, tx = %bet.tx,
                "a sealed bet was not opened in time: it does not count, and its stake stays in the pot"
            );
        }
    }
    Ok(())
}

/// A sealed bet that no waiting transaction opens: its match, its commitment and its transaction.
type Sealed = (MatchNo, [u8; 32], TxId);

fn sealed(
    snapshot: &Snapshot,
    account: &AccountId,
    begun: &[MatchNo],
    known: &Known,
) -> Result<Vec<Sealed>, StoreError> {
    let mut found = Vec::new();
    for match_no in begun.iter().copied() {
        let Some(bet) = snapshot.bet(match_no, account)? else {
            continue;
        };
        if let Placed::Sealed(commitment) = bet.placed
            && !known.foreign.contains(&(bet.tx, match_no))
        {
            found.push((match_no, commitment, bet.tx));
        }
    }
    if found.is_empty() {
        return Ok(found);
    }
    let waiting = opened_by_waiting(snapshot, account)?;
    found.retain(|(match_no, ..)| !waiting.contains(&(*match_no, *account)));
    Ok(found)
}

/// The matches, and the players, that an account's waiting transactions open. A transaction that waits behind a gap in the nonces
/// may never come, and nobody has looked whether it opens anything; what fills the gap may as well open.
fn opened_by_waiting(
    snapshot: &Snapshot,
    account: &AccountId,
) -> Result<BTreeSet<(MatchNo, AccountId)>, StoreError> {
    let mut opened = BTreeSet::new();
    for transaction in snapshot.ready_of(account)? {
        let Some((player, openings)) = transaction.body.action.openings(account) else {
            continue;
        };
        opened.extend(openings.iter().map(|opening| (opening.match_no, player)));
    }
    Ok(opened)
}

fn openings(
    snapshot: &Snapshot,
    reader: &Reader,
    key: &Key,
    sealed: Vec<Sealed>,
    known: &mut Known,
) -> Result<Vec<Opening>, StoreError> {
    let (account, pool, rules) = (key.account(), reader.pool_id(), &reader.genesis().rules);
    let mut openings = Vec::new();
    for (match_no, commitment, tx) in sealed {
        let Some(transaction) = snapshot.confirmed_transaction(&tx)? else {
            continue;
        };
        let nonce = transaction.body.nonce;
        let takes = snapshot.item(match_no)?.map(|item| item.takes);
        let opening = key.opening(pool, match_no, nonce, &commitment);
        // # Rule D5: one of another kind would be refused, and those beside it with it.
        let is_taken = |it: &Opening| takes.is_some_and(|takes| rules.takes(takes, it.prediction));
        if let Some(opening) = opening.filter(is_taken) {
            openings.push(opening);
            continue;
        }
        known.foreign.insert((tx, match_no));
        tracing::warn!(
            %account, %match_no, %tx,
            "another program sealed this bet: only that program can open it, within the opening window"
        );
    }
    Ok(openings)
}

#[cfg(test)]
pub(crate) mod tests;
