//! What this node knows of which matches have begun for sure (rule O8).

use bolao_ledger::{BettingClosed, Genesis, LastFinal, OwnClock};
use bolao_store::{Snapshot, StoreError};

/// The clocks by which kick-offs are judged: this machine's and its chain's.
pub fn betting_closed(
    snapshot: &Snapshot,
    genesis: &Genesis,
    clock: OwnClock,
) -> Result<BettingClosed, StoreError> {
    let last_final = match snapshot.held_final()? {
        Some(last) => snapshot.header(&last.hash)?.map(|record| LastFinal {
            height: last.height,
            time: record.header.time(),
        }),
        None => None,
    };
    BettingClosed::read(snapshot, genesis, clock, last_final)
}
