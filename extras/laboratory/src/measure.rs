//! What is measured of many runs.

use bolao_ledger::Makers;
use serde::Serialize;

use crate::{
    case::{Case, Expect},
    outcome::{Bets, Outcome},
};

/// Many runs of one case.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The scenario's name.
    pub scenario: &'static str,
    /// The pool's consensus.
    pub consensus: Makers,
    /// The label of the case: what the attacker has.
    pub case: String,
    /// The result that the case must have.
    pub expected: Expect,
    /// Whether it came out, and everything else that must hold held.
    pub ok: bool,
    /// The number of runs.
    pub runs: u64,
    /// In how many the attacker got what it wanted.
    pub succeeded: u64,
    /// In how many most nodes of those concerned told their people.
    pub noticed: u64,
    /// The searching that the attacker did on average, in milliseconds of one friend's computer.
    pub cost_ms: u64,
    /// The average number of blocks that the attacker mined.
    pub cost_blocks: u64,
    /// Honest bets of all runs.
    pub bets: Bets,
    /// Reorganisations at honest nodes, in all runs.
    pub reorgs: u64,
    /// The most blocks that one reorganisation left, in all runs.
    pub deepest: u64,
    /// Heights at which two blocks were final, in all runs.
    pub conflicts: u64,
    /// Double votes of honest validators, in all runs.
    pub double_votes: u64,
    /// From placing a bet to a block.
    pub to_block: Times,
    /// From placing a bet to its being final.
    pub to_final: Times,
    /// Messages of a run, on average.
    pub messages: u64,
    /// Bytes of a run, on average.
    pub bytes: u64,
    /// The hash of all runs' traces, in the order of their seeds.
    pub trace: String,
    /// Broken invariants, with the seeds of their runs.
    pub broken: Vec<String>,
}

/// Lengths of time, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Times {
    /// Half took no longer.
    pub p50_ms: Option<u64>,
    /// Of a hundred, ninety-nine took no longer.
    pub p99_ms: Option<u64>,
    /// All of them, sorted.
    #[serde(skip)]
    pub all_ms: Vec<u64>,
}

impl Times {
    /// Of any lengths.
    #[must_use]
    pub fn of(mut all_ms: Vec<u64>) -> Self {
        all_ms.sort_unstable();
        let at = |percent: usize| {
            let rank = (all_ms.len() * percent).div_ceil(100);
            all_ms.get(rank.saturating_sub(1)).copied()
        };
        Self {
            p50_ms: at(50),
            p99_ms: at(99),
            all_ms,
        }
    }
}

impl Summary {
    /// Of the runs of one case, in the order of their seeds.
    #[must_use]
    pub(crate) fn of(case: &Case, outcomes: &[Outcome]) -> Self {
        let runs = outcomes.len() as u64;
        let sum = |of: fn(&Outcome) -> u64| outcomes.iter().map(of).sum::<u64>();
        let mean = |of: fn(&Outcome) -> u64| sum(of) / runs.max(1);
        let succeeded = sum(|it| it.succeeded.into());
        let traces: Vec<_> = outcomes.iter().map(|it| it.trace.as_str()).collect();
        let broken: Vec<_> = outcomes
            .iter()
            .flat_map(|it| it.broken.iter().map(move |what| (it.seed, what)))
            .map(|(seed, what)| format!("seed {seed}: {what}"))
            .collect();
        let times = |of: fn(&Outcome) -> &Vec<u64>| {
            Times::of(outcomes.iter().flat_map(of).copied().collect())
        };
        Self {
            scenario: case.scenario,
            consensus: case.setup.kind,
            case: case.label.clone(),
            expected: case.expect,
            ok: case.expect.is_met(succeeded, runs) && broken.is_empty(),
            runs,
            succeeded,
            noticed: sum(|it| it.noticed.into()),
            cost_ms: mean(|it| it.cost_ms),
            cost_blocks: mean(|it| it.cost_blocks),
            bets: Bets {
                placed: sum(|it| it.bets.placed),
                counted: sum(|it| it.bets.counted),
                voided: sum(|it| it.bets.voided),
                lost: sum(|it| it.bets.lost),
                delayed: sum(|it| it.bets.delayed),
            },
            reorgs: sum(|it| it.reorgs),
            deepest: outcomes.iter().map(|it| it.deepest).max().unwrap_or(0),
            conflicts: sum(|it| it.conflicts),
            double_votes: sum(|it| it.double_votes),
            to_block: times(|it| &it.to_block_ms),
            to_final: times(|it| &it.to_final_ms),
            messages: mean(|it| it.messages),
            bytes: mean(|it| it.bytes),
            trace: hex::encode(bolao_ledger::sha256d(traces.concat().as_bytes())),
            broken,
        }
    }
}
