//! The times by which answers are made.

use bolao_ledger::{StateView as _, UnixSeconds};
use bolao_store::{Snapshot, StoreError};
use jiff::Timestamp;

/// The later of the pool's time and this node's clock: what people see as over is over.
pub(crate) fn now(snapshot: &Snapshot) -> Result<UnixSeconds, StoreError> {
    Ok(snapshot.totals()?.clock.max(clock()))
}

/// This node's clock.
pub(crate) fn clock() -> UnixSeconds {
    UnixSeconds(u64::try_from(Timestamp::now().as_second()).unwrap_or(0))
}
