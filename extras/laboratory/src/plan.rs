//! What is to be simulated.

use bolao_ledger::{Makers, TargetRule};

use crate::{mining::COMPUTER, pool::Setup};

/// The numbers that all scenarios share, and those that an attacker may be given.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The number of nodes in a pool.
    pub nodes: usize,
    /// The number of them that vote, where somebody does.
    pub validators: usize,
    /// The attacker's share of the hash power, in percent.
    pub share: Option<u64>,
    /// The number of validators that are the attacker's.
    pub guilty: Option<usize>,
    /// The longest time that the attacker searches, or the time that a partition lasts, in minutes.
    pub minutes: Option<u64>,
    /// The time by which an attacker dates its blocks ahead, in seconds.
    pub ahead_s: Option<u64>,
    /// The number of friends' computers that are always on.
    pub always_on: Option<usize>,
    /// The part of the messages that is lost, in percent.
    pub loss_percent: Option<u64>,
}

impl Plan {
    /// The power that is this share of all, if each other node has one computer, in thousandths of a computer.
    pub(crate) fn power_of(&self, share: u64) -> u64 {
        let others = u64::try_from(self.nodes.saturating_sub(1)).unwrap_or(u64::MAX);
        let rest = 100_u64.saturating_sub(share).max(1);
        others.saturating_mul(COMPUTER).saturating_mul(share) / rest
    }

    /// A pool of this plan, whose matches begin so many seconds after its start.
    pub(crate) fn setup(&self, kind: Makers, kickoffs: Vec<u64>) -> Setup {
        Setup {
            kind,
            nodes: self.nodes,
            validators: self.validators,
            kickoffs,
            target: TargetRule::Fixed { zero_bits: 1 },
            copies: 0,
            strangers: 0,
            refuses: true,
        }
    }

    /// The kinds that this program plays.
    #[must_use]
    pub fn played(&self) -> Vec<Makers> {
        let is_played = |kind: &Makers| self.setup(*kind, vec![]).genesis().is_ok();
        Makers::ALL.into_iter().filter(is_played).collect()
    }
}
