//! How soon a block may follow another, so that the disks of an easy pool do not fill with empty blocks.

use std::time::Duration;

/// The pace of one miner, or of many together. Times are counted from any origin.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The least time from a block to one that nobody wants.
    pub unwanted: Duration,
    /// The least time from a block to any other.
    pub any: Duration,
}

impl Pace {
    /// When a block may follow one that was found at `last`, if it may not at once.
    pub(crate) fn waits_until(
        self,
        last: Option<Duration>,
        wanted: bool,
        now: Duration,
    ) -> Option<Duration> {
        let least = if wanted { self.any } else { self.unwanted };
        let end = last?.saturating_add(least);
        Some(end).filter(|end| *end > now)
    }
}

/// When a block is to be given to the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The block's turn is now.
    Now,
    /// The block's turn comes then, not before.
    At(Duration),
    /// Another on the same tip waits already.
    Never,
}

/// Decides when the blocks of many miners are taken who mine whatever they have, wanted or not: of those that nobody wants
/// the first on a tip, once the pace has passed since the block before.
#[derive(Debug)]
pub struct Turns {
    pace: Pace,
    last: Option<Duration>,
    /// The tip on which a block waits.
    waits_on: Option<[u8; 32]>,
}

impl Turns {
    /// Nothing was found yet.
    #[must_use]
    pub const fn new(pace: Pace) -> Self {
        Self {
            pace,
            last: None,
            waits_on: None,
        }
    }

    /// A block became the tip just now.
    pub const fn found(&mut self, now: Duration) {
        self.last = Some(now);
    }

    /// When a block on this tip has its turn. Whoever is to wait is expected to give it then.
    pub fn turn(&mut self, tip: [u8; 32], wanted: bool, now: Duration) -> Turn {
        match self.pace.waits_until(self.last, wanted, now) {
            None => Turn::Now,
            Some(_) if self.waits_on == Some(tip) => Turn::Never,
            Some(end) => {
                self.waits_on = Some(tip);
                Turn::At(end)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_blocks_that_nobody_wants_the_first_on_a_tip_waits_for_the_pace() {
        let second = Duration::from_secs(1);
        let mut turns = Turns::new(Pace {
            unwanted: second,
            any: Duration::ZERO,
        });
        let now = second * 100;
        assert_eq!(turns.turn([1; 32], false, now), Turn::Now);
        turns.found(now);
        assert_eq!(turns.turn([2; 32], false, now), Turn::At(now + second));
        assert_eq!(turns.turn([2; 32], false, now), Turn::Never);
        assert_eq!(turns.turn([2; 32], true, now), Turn::Now);
        assert_eq!(turns.turn([3; 32], false, now), Turn::At(now + second));
        assert_eq!(turns.turn([3; 32], false, now + second), Turn::Now);
    }
}
