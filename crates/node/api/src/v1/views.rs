//! What waits for the chain on disk, with the names that belong to its numbers.

use bolao_ledger::Transaction;
use bolao_store::{Snapshot, StoreError};

use crate::body::TransactionBody;

/// Names and codes of the chain on disk.
pub(crate) type Lookup<'a> = bolao_answers::Lookup<'a, Snapshot>;

/// A transaction that waits for a block.
pub(crate) fn waits(
    lookup: &mut Lookup<'_>,
    transaction: &Transaction,
) -> Result<TransactionBody, StoreError> {
    let body = TransactionBody::new(lookup, transaction.id(), transaction, &[], None)?;
    Ok(TransactionBody {
        action: lookup.named(body.action.into_value())?,
        says: lookup.named(body.says.into_value())?,
        ..body
    })
}
