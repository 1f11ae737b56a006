//! Sends bets again that lost their nonce to another transaction of the same key, as where two devices with the same words were
//! apart.
//!
//! What can be bet no more stays away, and so does a match on which the key has bet elsewhere since: nobody knows which of the
//! two was meant. The notice of the dropped transaction tells of those.

use std::{collections::BTreeSet, future::pending, sync::Arc, time::Duration};

use bolao_chain::{Event, Proposal, Rehearsed, rehearse};
use bolao_ledger::{
    AccountId, BetMode, MatchNo, Nonce, OpenBet, Prediction, StateView as _, Transaction, TxBody,
    UnixSeconds,
};
use bolao_store::{Reader, Snapshot, StoreError};
use bolao_wallet::{Draft, Key, KeyIndex, WalletFile};
use tokio::{
    sync::broadcast::{
        Receiver,
        error::{RecvError, TryRecvError},
    },
    task::spawn_blocking,
    time::sleep,
};

use crate::{
    engine::now,
    signing::{SignError, Signer},
};

/// So long events are gathered: transactions are dropped one by one, with all behind them.
const GATHER: Duration = Duration::from_millis(50);
/// As many are looked at together at most.
const MOST: usize = 256;

/// Sends again what can be, until the node stops.
pub(crate) async fn run(signer: Arc<Signer>, mut events: Receiver<Event>) {
    loop {
        let mut dropped = match events.recv().await {
            Ok(event) => Vec::from_iter(lost(event)),
            Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => pending().await,
        };
        if dropped.is_empty() {
            continue;
        }
        sleep(GATHER).await;
        while dropped.len() < MOST {
            match events.try_recv() {
                Ok(event) => dropped.extend(lost(event)),
                Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        if let Err(error) = send(&signer, dropped, now().unix).await {
            tracing::warn!(%error, "bets that lost their place were not sent again");
        }
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

async fn send(
    signer: &Signer,
    dropped: Vec<Arc<Transaction>>,
    now: UnixSeconds,
) -> Result<(), SignError> {
    let wallet = signer.wallet().await;
    let reader = signer.reader().clone();
    let (wallet, again) = spawn_blocking(move || {
        let again = again(&wallet, &reader, dropped, now);
        (wallet, again)
    })
    .await?;
    for transaction in again? {
        let bets = transaction.body.action.placed();
        let matches: Vec<_> = bets.iter().map(|bet| bet.match_no.0).collect();
        let tx = signer.submit(transaction).await?;
        tracing::warn!(?matches, %tx, "bets that lost their place are sent again by this node");
    }
    drop(wallet);
    Ok(())
}

/// What the wallet's keys signed of it and still can, signed anew.
fn again(
    wallet: &WalletFile,
    reader: &Reader,
    mut dropped: Vec<Arc<Transaction>>,
    now: UnixSeconds,
) -> Result<Vec<Transaction>, StoreError> {
    let snapshot = reader.snapshot()?;
    dropped.sort_by_key(|transaction| transaction.body.nonce);
    let mut signed = Vec::new();
    let indexes = std::iter::once(KeyIndex::PLAYER).chain(wallet.names().map(|(_, index)| index));
    for key in indexes.map(|index| wallet.key(index)) {
        let account = key.account();
        let mut own = dropped
            .iter()
            .filter(|transaction| transaction.body.account == account)
            .peekable();
        let Some(first) = own.peek().map(|transaction| transaction.body.nonce) else {
            continue;
        };
        let mut bets: Vec<Vec<OpenBet>> = own.map(|it| placed(&key, reader, it)).collect();
        let elsewhere = elsewhere(&snapshot, &account, first, &bets)?;
        keep_last(&mut bets, &elsewhere);
        let mut draft = Draft::new(account, snapshot.next_nonce(&account)?);
        let taken = taken(&key, &snapshot, reader, draft.clone(), &bets, now)?;
        for bets in &mut bets {
            bets.retain(|bet| taken.contains(&bet.match_no));
            if !bets.is_empty() {
                let body = body(&mut draft, &key, reader, bets);
                signed.push(key.sign(reader.pool_id(), body));
            }
        }
    }
    Ok(signed)
}

/// What a transaction bets, as far as the key can read it.
fn placed(key: &Key, reader: &Reader, transaction: &Transaction) -> Vec<OpenBet> {
    let (pool, nonce) = (reader.pool_id(), transaction.body.nonce);
    let read = |no, prediction| match prediction {
        Prediction::Open(score) => Some(score),
        Prediction::Sealed(commitment) => key.reopen(pool, no, nonce, &commitment),
    };
    let bets = transaction.body.action.placed().into_iter();
    bets.filter_map(|bet| {
        let score = read(bet.match_no, bet.prediction)?;
        Some(OpenBet {
            match_no: bet.match_no,
            score,
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
    bets: &[Vec<OpenBet>],
) -> Result<BTreeSet<MatchNo>, StoreError> {
    let waiting = snapshot.ready_of(account)?;
    let mut found: BTreeSet<MatchNo> = waiting
        .iter()
        .filter(|transaction| transaction.body.nonce >= first)
        .flat_map(|transaction| transaction.body.action.placed())
        .map(|bet| bet.match_no)
        .collect();
    for no in bets.iter().flatten().map(|bet| bet.match_no) {
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

/// Leaves of several bets on a match the last, and none on these.
fn keep_last(bets: &mut [Vec<OpenBet>], without: &BTreeSet<MatchNo>) {
    let mut seen = without.clone();
    for bets in bets.iter_mut().rev() {
        bets.retain(|bet| seen.insert(bet.match_no));
    }
}

/// On which of these matches the rules let the key bet now, in this order, as far as its chips reach.
fn taken(
    key: &Key,
    snapshot: &Snapshot,
    reader: &Reader,
    mut draft: Draft,
    bets: &[Vec<OpenBet>],
    now: UnixSeconds,
) -> Result<BTreeSet<MatchNo>, StoreError> {
    let tried: Vec<OpenBet> = bets.iter().flatten().copied().collect();
    let bodies = tried
        .iter()
        .map(|bet| body(&mut draft, key, reader, &[*bet]));
    let proposals = bodies.map(Proposal::from).collect();
    let is_taken = |it: Rehearsed| Ok::<_, StoreError>(it.verdict.is_ok());
    let verdicts = rehearse(
        snapshot,
        reader.genesis(),
        now,
        proposals,
        || Ok(()),
        is_taken,
    )?;
    let good = tried.iter().zip(verdicts).filter(|(_, is_taken)| *is_taken);
    Ok(good.map(|(bet, _)| bet.match_no).collect())
}

fn body(draft: &mut Draft, key: &Key, reader: &Reader, bets: &[OpenBet]) -> TxBody {
    match reader.genesis().rules.bets {
        BetMode::Open => draft.bet(bets.to_vec()),
        BetMode::Sealed => draft.seal_bets(key, reader.pool_id(), bets),
    }
}

#[cfg(test)]
mod tests;
