//! What a home that votes hears of blocks that its disk has lost, or that its backup lacks, and what it brings back of them.
//!
//! A page that was open gives back the id of the last event that it heard, which shows how high this home's chain was then
//! ([`bolao_api::Events`]). Where the chain ends below that, the home does not know all that it signed: it is marked, and waits
//! ([`crate::vote`]), unless it has voted since it started, or its owner has given those blocks up. After a stop that was none, a lone
//! validator that is sure of nothing else gives pages a moment to come back before it votes ([`crate::pool`]).

use std::sync::Arc;

use bolao_chain::no_mining;
use bolao_ledger::{Height, StateView as _, Transaction};
use bolao_store::{Snapshot, StoreError};
use tokio::sync::Notify;

use crate::{
    error::StartError,
    pool::Pool,
    services::{Service, blocking},
    vote::votes,
};

/// The service that hears pages.
pub(crate) struct HearingPages(pub(crate) Arc<Notify>);

impl Service for HearingPages {
    async fn run(self, pool: Pool) {
        let mut told = pool.watch.events().told();
        let mut began = None;
        // A mined block is not final, and may have gone by right.
        while no_mining(pool.reader.genesis()).is_some() {
            let height = Height(*told.borrow_and_update());
            let known = pool.clone();
            match blocking(move || note(&known, height, began)).await {
                Ok((tip, is_lost)) => {
                    began.get_or_insert(tip);
                    if is_lost && pool.votes {
                        self.0.notify_one();
                        break;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "cannot compare the chain with what pages know");
                }
            }
            if told.changed().await.is_err() {
                break;
            }
        }
        pool.stop.cancelled().await;
    }
}

/// Marks a home whose chain was this high and is not any more; the chain's height now, and whether it was marked. `began`: the chain's
/// height when the node started.
fn note(pool: &Pool, height: Height, began: Option<Height>) -> Result<(Height, bool), StartError> {
    let (tip, home) = (pool.reader.snapshot()?.tip()?.height, &pool.home);
    let own = home.validator_key_there()?;
    let votes = votes(&pool.reader, pool.signer.player(), own)?;
    if height <= tip || !votes.own {
        return Ok((tip, false));
    }
    let waits = home.wait()?.is_some();
    let has_voted = !waits && began.is_some_and(|began| tip > began);
    let is_given_up = !waits && home.had()?.is_some_and(|had| had >= height);
    if has_voted || is_given_up {
        return Ok((tip, false));
    }
    // Of one that decides with others, that block is final; it may have signed for the next one.
    let up_to = if votes.others > 0 {
        height.next()
    } else {
        height
    };
    home.set_had(height)?;
    home.set_lost(up_to)?;
    tracing::error!(%height, %tip, "pages know a higher block of this home's than its chain has: it does not vote, and `bolao status` says what ends that");
    Ok((tip, true))
}

/// The service that gives the pool again what was answered and is gone with the blocks that this home has lost.
pub(crate) struct BringingBack;

impl Service for BringingBack {
    async fn run(self, pool: Pool) {
        if let Err(error) = bring_back(&pool).await {
            tracing::error!(%error, "cannot tell which answered bets are gone");
        }
        pool.stop.cancelled().await;
    }
}

async fn bring_back(pool: &Pool) -> Result<(), StartError> {
    let (home, reader) = (pool.home.clone(), pool.reader.clone());
    let gone = blocking(move || {
        let snapshot = reader.snapshot()?;
        // Where nothing is lost, what is not there any more has its reason.
        let tip = snapshot.tip()?.height;
        if home.had()?.is_none_or(|had| had <= tip) {
            return Ok(Vec::new());
        }
        Ok(gone(&snapshot, home.answered())?)
    });
    for (whose, transaction) in gone.await? {
        let (id, what) = (transaction.id(), transaction.body.action.kind().name());
        match pool.engine.submit(transaction).await {
            Ok(_) => {
                tracing::warn!(%id, what, player = %whose, "this was answered, and its block is gone: it waits for a block again");
            }
            Err(error) => {
                tracing::error!(%id, what, player = %whose, %error, "this was answered, and is gone: tell this player");
            }
        }
    }
    Ok(())
}

/// Those transactions of which neither the chain nor what waits has any, with their players.
fn gone(
    snapshot: &Snapshot,
    answered: Vec<Transaction>,
) -> Result<Vec<(String, Transaction)>, StoreError> {
    let there = snapshot.confirmed_transactions(answered.iter().map(Transaction::id))?;
    let mut gone = Vec::new();
    for transaction in answered {
        let id = transaction.id();
        if there.contains_key(&id) || snapshot.pending_transaction(&id)?.is_some() {
            continue;
        }
        let account = transaction.body.account;
        let known = snapshot.account(&account)?;
        let whose = known.map_or_else(|| account.to_string(), |it| it.name.to_string());
        gone.push((whose, transaction));
    }
    Ok(gone)
}
