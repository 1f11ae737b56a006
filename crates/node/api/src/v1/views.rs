//! Transactions of the chain on disk, with the names that belong to their numbers.

use bolao_ledger::{Transaction, TxId};
use bolao_store::{Snapshot, StoreError, TxRecord};

use crate::body::{BlockRef, TransactionBody, moment};

/// Names and codes of the chain on disk.
pub(crate) type Lookup<'a> = bolao_answers::Lookup<'a, Snapshot>;

/// One of the main chain or one that waits; `record` says which.
pub(crate) fn answered(
    lookup: &mut Lookup<'_>,
    id: TxId,
    transaction: &Transaction,
    record: Option<&TxRecord>,
) -> Result<TransactionBody, StoreError> {
    let void = record.map_or(&[][..], |record| &record.void_bets);
    let block = match record {
        Some(record) => block_ref(lookup.chain(), record)?,
        None => None,
    };
    TransactionBody::new(lookup, id, transaction, void, block)
}

fn block_ref(snapshot: &Snapshot, record: &TxRecord) -> Result<Option<BlockRef>, StoreError> {
    let header = snapshot.header_at(record.height)?;
    Ok(header.map(|header| BlockRef {
        height: record.height.0,
        hash: header.hash,
        time: moment(header.header.time()),
        index: record.index,
    }))
}
