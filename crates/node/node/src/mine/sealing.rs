//! Blocks that close a kick-off, or make a result final.
//!
//! A block may carry any time from the median of the last eleven on. On a chain where nothing happens, that median
//! stays before a kick-off long after it, and whoever finds one block could date it back and put a late bet into it.
//! So nodes that mine whenever transactions wait also mine, empty blocks if need be, until the median time has passed
//! the latest kick-off: at most eleven small blocks. From then on a late bet needs a longer chain from before.
//!
//! A result becomes final, and its pot is paid, in the first block after its dispute window. Nodes mine that block too,
//! since nothing else may happen after the last match.

use bolao_chain::next_due;
use bolao_ledger::UnixSeconds;
use bolao_store::Reader;

use crate::reading::read;

/// The deadlines of a chain, and whether one that has passed asks a miner for a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deadlines {
    /// A kick-off has passed that the median time has not, or a result is due to become final: mine.
    Open,
    /// All are closed; the next one comes then.
    ClosedUntil(UnixSeconds),
    /// All are closed, and no more are known.
    Closed,
}

/// The deadlines of a chain of this median time; where it cannot be read, nothing is due.
pub(crate) async fn deadlines_now(
    reader: &Reader,
    median_time: UnixSeconds,
    now: UnixSeconds,
) -> Deadlines {
    let found = read(reader, move |snapshot| next_due(snapshot, median_time));
    match found.await.flatten() {
        Some(due) if due <= now => Deadlines::Open,
        Some(due) => Deadlines::ClosedUntil(due),
        None => Deadlines::Closed,
    }
}
