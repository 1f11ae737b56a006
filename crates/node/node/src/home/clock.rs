//! The operator's word on the machine's clock, which a node takes along when it starts.

use bolao_ledger::UnixSeconds;
use serde::{Deserialize, Serialize};

use super::{Home, HomeError};

/// The file of that word.
pub(super) const CLOCK: &str = "clock.json";

/// The time for which a node that starts goes by the word, in seconds: a clock that is set further ahead is another.
const HOLDS_S: u64 = 3_600;
/// The most by which the clock may lie before it, in seconds: one that lies further back was set.
const BEFORE_S: u64 = 3_600;

/// The word that the clock is right.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Trusted {
    /// The time that it showed then, in unix seconds.
    at: u64,
}

impl Home {
    /// Keeps the word that the clock, which shows this time, is right.
    pub fn trust_clock(&self, now: UnixSeconds) -> Result<(), HomeError> {
        self.write_json(CLOCK, &Trusted { at: now.0 }, 0o644)
    }

    /// Whether the clock was said to be right an hour ago at most, and has not been set back since.
    pub(crate) fn trusts_clock(&self, now: UnixSeconds) -> Result<bool, HomeError> {
        let said: Option<Trusted> = self.json_there(CLOCK)?;
        Ok(said.is_some_and(|Trusted { at }| {
            let holds = at.saturating_sub(BEFORE_S)..=at.saturating_add(HOLDS_S);
            holds.contains(&now.0)
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_word_holds_for_the_clock_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let trusts = |at| home.trusts_clock(UnixSeconds(at)).unwrap();
        assert!(!trusts(1_000_000));
        home.trust_clock(UnixSeconds(1_000_000)).unwrap();
        assert!(trusts(1_000_000) && trusts(1_003_000) && trusts(997_000));
        assert!(!trusts(1_004_000) && !trusts(990_000));
    }
}
