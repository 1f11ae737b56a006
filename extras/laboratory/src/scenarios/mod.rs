//! One attacker each.

mod away;
mod back_date;
mod burst;
mod censor;
mod eclipse;
mod equivocate;
mod faults;
mod laptops;
mod late_bet;
mod partition;
mod rewrite;
mod selfish;

use crate::{case::Case, plan::Plan};
use bolao_ledger::Makers;

/// A scenario: its name, what happens in it, and its cases in a kind of pool.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// As it is called on the command line.
    pub name: &'static str,
    /// A sentence that says what happens.
    pub about: &'static str,
    pub(crate) cases: fn(&Plan, Makers) -> Vec<Case>,
}

/// All of them.
pub const SCENARIOS: [Scenario; 12] = [
    late_bet::SCENARIO,
    away::SCENARIO,
    rewrite::SCENARIO,
    back_date::SCENARIO,
    selfish::SCENARIO,
    equivocate::SCENARIO,
    censor::SCENARIO,
    eclipse::SCENARIO,
    partition::SCENARIO,
    burst::SCENARIO,
    laptops::SCENARIO,
    faults::SCENARIO,
];

impl Scenario {
    /// Its attackers in a kind of pool.
    #[must_use]
    pub fn cases(&self, plan: &Plan, kind: Makers) -> Vec<Case> {
        (self.cases)(plan, kind)
    }
}
