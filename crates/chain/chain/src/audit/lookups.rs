//! Looking every entry of a store up as its readers do: by height, hash, id, key. An index that leads astray shows only so.

use bolao_ledger::{Height, StateView as _};
use bolao_store::{MAX_NOTICES, Snapshot, StoreError};

use super::{AuditFailure, fail};

/// Looks up every block, transaction, certificate and entry of the state, and what waits.
///
/// # Errors
/// The first that is not found, or is not what it should be.
pub fn look_up_all(snapshot: &Snapshot) -> Result<(), AuditFailure> {
    let tip = snapshot.tip().map_err(|error| fail("tip", error))?;
    let held = snapshot
        .held_final()
        .map_err(|error| fail("what is final", error))?;
    let held = held.map_or(Height::ZERO, |it| it.height);
    let mut height = Height::ZERO;
    while height < tip.height {
        height = height.next();
        let place = format!("block {height}");
        block(snapshot, height, held).map_err(|what| fail(place, what))?;
    }
    let mut wrong = None;
    let entries = snapshot.walk(&[], |key, value| {
        if snapshot.get_bytes(key)?.as_deref() != Some(value) {
            wrong.get_or_insert_with(|| key.to_vec());
        }
        Ok::<_, StoreError>(())
    });
    entries.map_err(|error| fail("state", error))?;
    if let Some(key) = wrong {
        let place = bolao_ledger::table::describe_key(&key);
        return Err(fail(place, "it is listed, but cannot be looked up"));
    }
    waiting(snapshot).map_err(|what| fail("what waits for a block", what))?;
    own(snapshot).map_err(|error| fail("what this node keeps for itself", error))
}

/// Final blocks above `held`, the highest that the chain holds, may be others than the chain's.
fn block(snapshot: &Snapshot, height: Height, held: Height) -> Result<(), String> {
    let told = |error: StoreError| error.to_string();
    let header = snapshot.header_at(height).map_err(told)?;
    let header = header.ok_or("it cannot be looked up by its height")?;
    if (header.header.hash(), header.height) != (header.hash, height) {
        return Err("its header is that of another block".into());
    }
    let block = snapshot.block(&header.hash).map_err(told)?;
    let block = block.ok_or("it cannot be looked up by its hash")?;
    if block.header != header.header {
        return Err("its body is that of another block".into());
    }
    for (index, transaction) in (0_u32..).zip(&block.transactions) {
        let id = transaction.id();
        let found = snapshot.transaction(&id).map_err(told)?;
        if found.is_none_or(|it| (it.height, it.index) != (height, index)) {
            return Err(format!("its transaction {id} cannot be looked up"));
        }
    }
    let undo = snapshot.changed_tables(height).map_err(told)?;
    undo.ok_or("what takes it off the chain is missing")?;
    let arrivals = snapshot
        .block_arrivals(height, &header.hash)
        .map_err(told)?;
    let transactions = block.transactions.len();
    if arrivals.is_some_and(|it| ![0, transactions].contains(&it.transactions.len())) {
        return Err("when its transactions came is kept for another number of them".into());
    }
    let proven = snapshot.final_at(height).map_err(told)?;
    if height <= held && proven.is_some_and(|it| it.hash != header.hash) {
        return Err("another block of this height is said to be final".into());
    }
    Ok(())
}

fn waiting(snapshot: &Snapshot) -> Result<(), String> {
    let told = |error: StoreError| error.to_string();
    let all = snapshot.pending().map_err(told)?;
    let count = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let ids = snapshot.pending_ids(usize::MAX).map_err(told)?;
    if ids.len() != all.len() || snapshot.pending_count().map_err(told)? != count {
        return Err("not all of it can be looked up".into());
    }
    for transaction in all {
        let id = transaction.id();
        let by_id = snapshot.pending_transaction(&id).map_err(told)?;
        let by_account = snapshot
            .pending_of(&transaction.body.account)
            .map_err(told)?;
        if by_id.as_ref() != Some(&transaction) || !by_account.contains(&transaction) {
            return Err(format!("the transaction {id} cannot be looked up"));
        }
        snapshot.pending_arrival(&id).map_err(told)?;
    }
    Ok(())
}

/// Reads the rest: it need only be readable.
fn own(snapshot: &Snapshot) -> Result<(), StoreError> {
    snapshot.leaves()?;
    snapshot.notices(None, usize::try_from(MAX_NOTICES).unwrap_or(usize::MAX))?;
    snapshot.taken_back()?;
    snapshot.vote_log()?;
    snapshot.proposals()?;
    snapshot.conflicting_final()?;
    Ok(())
}
