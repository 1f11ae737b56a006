//! What is to be simulated.

use crate::{kind::Kind, mining::COMPUTER};

/// The numbers that all scenarios share, and those that an attacker may be given.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many nodes a pool has.
    pub nodes: usize,
    /// How many of them vote, where somebody does.
    pub validators: usize,
    /// The attacker's share of the hash power, in percent.
    pub share: Option<u64>,
    /// How many validators are the attacker's.
    pub guilty: Option<usize>,
    /// How long the attacker searches at most, or a partition lasts, in minutes.
    pub minutes: Option<u64>,
    /// How far an attacker dates its blocks ahead, in seconds.
    pub ahead_s: Option<u64>,
    /// How many friends' computers are always on.
    pub always_on: Option<usize>,
    /// How many messages of a hundred are lost.
    pub loss_percent: Option<u64>,
}

impl Plan {
    /// The power that is this share of all, if each other node has one computer, in thousandths of a computer.
    pub(crate) fn power_of(&self, share: u64) -> u64 {
        let others = u64::try_from(self.nodes.saturating_sub(1)).unwrap_or(u64::MAX);
        let rest = 100_u64.saturating_sub(share).max(1);
        others.saturating_mul(COMPUTER).saturating_mul(share) / rest
    }

    /// The kinds that this program plays.
    #[must_use]
    pub fn played(&self) -> Vec<Kind> {
        let is_played = |kind: &Kind| {
            crate::scenarios::setup(self, *kind, vec![])
                .genesis()
                .is_ok()
        };
        Kind::ALL.into_iter().filter(is_played).collect()
    }
}
