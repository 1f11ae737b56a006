//! What became of transactions that were given to this node: those that no block will hold, and bets that are void.

use bolao_ledger::{Deadline, Genesis, StateView as _, TxBody, UnixSeconds};
use bolao_rulebook::{StateWords, english_with};
use bolao_store::{NoticedChange, Snapshot, StoreError, TxRecord};

use crate::mempool::Dropped;

/// Gives what is to be told of own transactions that wait no more.
pub(crate) fn of_own(
    genesis: &Genesis,
    snapshot: &Snapshot,
    dropped: &[Dropped],
) -> Result<Vec<NoticedChange>, StoreError> {
    let mut told = Vec::new();
    for item in dropped.iter().filter(|item| item.past.own) {
        match &item.reason {
            Some(reason) => {
                let body = &item.transaction.get().body;
                let (player, tx) = (body.account, item.transaction.id());
                let why = reason.message.clone();
                let bets = body.action.placed();
                told.push(if bets.is_empty() {
                    NoticedChange::Dropped {
                        player,
                        tx,
                        action: said(snapshot, body),
                        why,
                    }
                } else {
                    NoticedChange::BetsDropped {
                        player,
                        tx,
                        matches: bets.iter().map(|bet| bet.match_no).collect(),
                        why,
                    }
                });
            }
            None => told.extend(void(genesis, snapshot, item)?),
        }
    }
    Ok(told)
}

/// The English sentence that says what an act does.
fn said(snapshot: &Snapshot, body: &TxBody) -> String {
    english_with(&body.action.says(&body.account), &StateWords(snapshot))
}

/// The parts of a transaction that are void in the block that holds it.
fn void(
    genesis: &Genesis,
    snapshot: &Snapshot,
    item: &Dropped,
) -> Result<Vec<NoticedChange>, StoreError> {
    let (body, tx) = (&item.transaction.get().body, item.transaction.id());
    let mut told = Vec::new();
    let record = match body.action.ends() {
        Deadline::Betting => snapshot.transaction(&tx)?,
        Deadline::Opening | Deadline::Record | Deadline::Never => None,
    };
    let Some(record) = record else {
        return Ok(told);
    };
    if record.void_bets.is_empty() {
        return Ok(told);
    }
    // Only bets can be void for want of chips.
    if body.action.placed().is_empty() {
        told.push(NoticedChange::LateAct {
            player: body.account,
            tx,
            action: said(snapshot, body),
            matches: record.void_bets,
        });
        return Ok(told);
    }
    let time = time_of(snapshot, &record)?;
    for no in record.void_bets {
        if let Some(item) = snapshot.item(no)? {
            let is_over = !item.is_open_at(time, &genesis.rules);
            told.push(NoticedChange::Void {
                player: body.account,
                tx,
                about: item.into(),
                late: is_over || !genesis.rules.short_bets_void,
            });
        }
    }
    Ok(told)
}

/// The pool's time in the block of a transaction; if others came after it, what the block says.
fn time_of(snapshot: &Snapshot, record: &TxRecord) -> Result<UnixSeconds, StoreError> {
    let totals = snapshot.totals()?;
    if snapshot.tip()?.height == record.height {
        return Ok(totals.clock);
    }
    let header = snapshot.header_at(record.height)?;
    Ok(header.map_or(totals.clock, |header| header.header.time()))
}
