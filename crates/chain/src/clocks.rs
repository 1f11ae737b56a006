//! Whether this machine's clock agrees with those of its peers. Deadlines go by clocks, and a block that is too far ahead of
//! one waits.
//!
//! - Each status carries its sender's time. The median of what the connected peers say is compared with our own: a few
//!   liars, or one friend's wrong clock, do not make ours wrong.
//! - A peer's branch is *held back* while a header of it is too new for our clock ([`check_not_too_new`]): we have not
//!   caught up with that peer, whatever else we have. Only a header that has its work counts.
//!
//! [`check_not_too_new`]: bolao_headers::check_not_too_new

use bolao_ledger::Genesis;

use crate::{core::Core, io::Event};

/// From how many seconds on a difference is worth a word where no rule says how far a clock may be off.
const MOST_S: u64 = 60;

/// How many seconds two clocks of one pool may differ before somebody should hear of it: `clock_s` where validators vote,
/// else a minute.
pub fn most_clocks_differ_s(genesis: &Genesis) -> u64 {
    let voting = genesis.consensus.voting();
    voting.map_or(MOST_S, |voting| voting.clock_s.into())
}

/// How this machine's clock compares with those of the peers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// How many seconds it is ahead of most of them, or behind if negative; none up to a minute, or up to `clock_s` where
    /// validators vote.
    pub ahead_s: Option<i64>,
    /// Whether a peer has blocks that wait for this clock.
    pub held_back: bool,
}

impl Clocks {
    /// Whether there is nothing new to say of the same difference, measured again.
    fn is_as(self, before: Self, most_s: u64) -> bool {
        let differ = |(now, before): (i64, i64)| now.abs_diff(before) > most_s / 2;
        self.held_back == before.held_back
            && self.ahead_s.is_some() == before.ahead_s.is_some()
            && !self.ahead_s.zip(before.ahead_s).is_some_and(differ)
    }
}

/// Of many, the one in the middle; of an even number, the one nearer to nought.
fn median(mut seconds: Vec<i64>) -> Option<i64> {
    seconds.sort_unstable();
    let upper = seconds.get(seconds.len() / 2).copied()?;
    let lower = seconds.get(seconds.len().checked_sub(1)? / 2).copied()?;
    Some(if lower.abs() < upper.abs() {
        lower
    } else {
        upper
    })
}

impl Core {
    /// How many seconds this clock is ahead of most peers', as far as they say.
    pub(crate) fn clock_ahead_s(&self) -> Option<i64> {
        let ahead = self.peers.values().filter_map(|peer| peer.we_are_ahead_s);
        median(ahead.collect())
    }

    /// Tells of a change.
    pub(crate) fn compare_clocks(&mut self) {
        let most_s = most_clocks_differ_s(&self.genesis);
        let latest = self.latest_time();
        let held_back = self.peers.values().any(|peer| {
            let status = peer.status.as_ref();
            peer.too_new.is_some_and(|time| time > latest)
                && status.is_some_and(|status| self.is_ahead(status))
        });
        let clocks = Clocks {
            ahead_s: self.clock_ahead_s().filter(|it| it.unsigned_abs() > most_s),
            held_back,
        };
        if !clocks.is_as(self.clocks, most_s) {
            self.clocks = clocks;
            self.emit(Event::Clocks(clocks));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_one_counts() {
        assert_eq!(median(Vec::new()), None);
        assert_eq!(median(vec![7]), Some(7));
        assert_eq!(median(vec![900, 0]), Some(0));
        assert_eq!(median(vec![0, -900]), Some(0));
        assert_eq!(median(vec![-900, 1, 900]), Some(1));
        assert_eq!(median(vec![600, 601, 602, -9]), Some(600));
    }
}
