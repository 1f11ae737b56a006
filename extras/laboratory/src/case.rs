//! A case: one attacker in one kind of pool, to be run with many seeds.

use bolao_ledger::Makers;
use serde::Serialize;

use crate::{outcome::Outcome, plan::Plan, pool::Setup, world::World};

/// The result that a case must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// The attacker never gets what it wants.
    Never,
    /// A control: it does at least once in all runs, since the protection is taken out. Else the scenario could not fail. One run
    /// alone says nothing.
    Sometimes,
    /// Nothing is promised: it is measured.
    Measured,
}

impl Expect {
    /// Whether it came out.
    #[must_use]
    pub const fn is_met(self, succeeded: u64, runs: u64) -> bool {
        match self {
            Self::Never => succeeded == 0,
            Self::Sometimes => succeeded > 0 || runs <= 1,
            Self::Measured => true,
        }
    }
}

/// Whether an attacker got what it wanted.
pub(crate) type Succeeded = bool;

/// The actions of an attacker in a world; they give whether it got what it wanted.
pub(crate) type Attack = Box<dyn Fn(&mut World) -> Succeeded + Send + Sync>;

/// One attacker in one kind of pool.
pub struct Case {
    pub(crate) scenario: &'static str,
    pub(crate) label: String,
    pub(crate) setup: Setup,
    /// The nodes that are not honest.
    pub(crate) attackers: Vec<usize>,
    pub(crate) expect: Expect,
    /// Whether nobody knows anybody, and nobody has joined, when the attack begins.
    pub(crate) starts_apart: bool,
    pub(crate) attack: Attack,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            scenario, label, ..
        } = self;
        write!(f, "Case({scenario}, {}, {label})", self.setup.kind)
    }
}

impl Case {
    /// Makes a case of a scenario: these attackers in a pool of friends who have met.
    pub(crate) fn of(
        scenario: &'static str,
        by: Attackers,
        setup: Setup,
        attack: impl Fn(&mut World) -> Succeeded + Send + Sync + 'static,
    ) -> Self {
        Self {
            scenario,
            label: by.label,
            setup,
            attackers: by.nodes,
            expect: by.expect,
            starts_apart: false,
            attack: Box::new(attack),
        }
    }

    /// Gives the label of the case, which says who attacks.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Runs it with one seed.
    pub(crate) fn run(&self, seed: u64) -> Outcome {
        let mut world = World::apart(&self.setup, &self.attackers, seed);
        if !self.starts_apart {
            world.meet();
        }
        let succeeded = (self.attack)(&mut world);
        world.outcome(seed, succeeded)
    }
}

/// The attackers of a case: guilty validators, or a friend without a vote.
#[derive(Clone, Debug)]
pub(crate) struct Attackers {
    pub(crate) nodes: Vec<usize>,
    pub(crate) label: String,
    pub(crate) expect: Expect,
    /// Hash power, in thousandths of a computer.
    pub(crate) power: u64,
}

impl Attackers {
    /// The same, by what they do and who they are.
    pub(crate) fn who(self, what: &str) -> Self {
        Self {
            label: format!("{what}, {}", self.label),
            ..self
        }
    }
}

/// The attackers that a scenario tries by default, or those that the command line asks for: in a pool without votes by
/// their share of the hash power, elsewhere by how many validators they are.
pub(crate) fn attackers(plan: &Plan, kind: Makers, shares: &[u64]) -> Vec<Attackers> {
    let friend = plan.nodes.saturating_sub(1);
    let mut all = Vec::new();
    if kind.mines() {
        let shares = plan.share.map_or(shares.to_vec(), |share| vec![share]);
        all.extend(shares.into_iter().map(|share| Attackers {
            nodes: vec![friend],
            label: format!("{share} % of the hash power"),
            expect: if kind.votes() {
                Expect::Never
            } else {
                Expect::Measured
            },
            power: plan.power_of(share),
        }));
    }
    if kind.votes() {
        let count = plan.validators;
        let two_thirds = count * 2 / 3 + 1;
        let fewer_than_a_third = (count - 1) / 3;
        let defaults = [0, fewer_than_a_third, two_thirds];
        let mut guilty = plan.guilty.map_or(defaults.to_vec(), |guilty| vec![guilty]);
        guilty.dedup();
        all.extend(guilty.into_iter().map(|guilty| Attackers {
            nodes: match guilty {
                0 => vec![friend],
                _ => (0..guilty).collect(),
            },
            label: match guilty {
                0 => "a friend without a vote".to_owned(),
                _ => format!("{guilty} of {count} validators"),
            },
            expect: match guilty {
                _ if guilty < two_thirds => Expect::Never,
                _ => Expect::Sometimes,
            },
            power: crate::mining::COMPUTER,
        }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `bolao simulate faults --seed N`: a control fails with some seeds only.
    #[test]
    fn one_run_of_a_control_says_nothing() {
        assert!(Expect::Sometimes.is_met(0, 1));
        assert!(!Expect::Sometimes.is_met(0, 5) && Expect::Sometimes.is_met(1, 5));
        assert!(!Expect::Never.is_met(1, 1));
    }
}
