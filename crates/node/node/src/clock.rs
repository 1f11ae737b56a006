//! The time that the rest of the program is given.

use std::{
    sync::LazyLock,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use bolao_chain::Now;
use bolao_ledger::UnixSeconds;

/// The system's clocks. The one that never goes back counts from the first look at it.
pub(crate) fn now() -> Now {
    static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
    let unix = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    Now {
        unix: UnixSeconds(unix),
        mono_ms: u64::try_from(FIRST.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}
