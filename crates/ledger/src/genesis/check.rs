//! Which documents a pool can be played by.

use std::collections::BTreeSet;

use super::{GENESIS_VERSION, Genesis, GenesisError, Membership, TargetRule};
use crate::scoring::Scoring;

/// The most organisers of a pool.
const MAX_ORGANISERS: usize = 32;

/// The longest window, in seconds: 90 days.
const MAX_WINDOW_S: u64 = 90 * 86_400;

/// The most chips of a stake and at joining, so that stake × points stays within 64 bits.
const MAX_CHIPS: u64 = 1 << 40;

/// Checks `min <= got <= max`.
fn range(what: &'static str, got: u64, min: u64, max: u64) -> Result<(), GenesisError> {
    if (min..=max).contains(&got) {
        Ok(())
    } else {
        Err(GenesisError::Range {
            what,
            got,
            min,
            max,
        })
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

impl Genesis {
    /// Checks that the rules are ones that a pool can be played by.
    pub fn check(&self) -> Result<(), GenesisError> {
        if self.version != GENESIS_VERSION {
            return Err(GenesisError::Version { got: self.version });
        }
        range("created", self.created.0, 0, u64::from(u32::MAX))?;
        range("max_future_s", self.max_future_s.into(), 1, 7_200)?;
        let zero_bits = match self.target {
            TargetRule::Fixed { zero_bits } => zero_bits,
            TargetRule::Asert {
                zero_bits_at_start,
                block_interval_s,
                half_life_s,
            } => {
                range("block_interval_s", block_interval_s.into(), 1, 86_400)?;
                range("half_life_s", half_life_s.into(), 1, 30 * 86_400)?;
                zero_bits_at_start
            }
        };
        range("zero_bits", zero_bits.into(), 1, 128)?;
        let limits = &self.limits;
        range("block_bytes", limits.block_bytes.into(), 10_000, 8_000_000)?;
        range(
            "block_transactions",
            limits.block_transactions.into(),
            1,
            100_000,
        )?;
        range(
            "transaction_bytes",
            limits.transaction_bytes.into(),
            512,
            8_192,
        )?;
        range(
            "pending_per_account",
            limits.pending_per_account.into(),
            1,
            1_024,
        )?;
        range("matches", limits.matches.into(), 1, 4_096)?;
        range("starting_chips", self.starting_chips.0, 0, MAX_CHIPS)?;
        range(
            "organisers",
            count(self.organisers.len()),
            0,
            count(MAX_ORGANISERS),
        )?;
        range(
            "matches",
            count(self.matches.len()),
            0,
            limits.matches.into(),
        )?;
        let mut organisers = BTreeSet::new();
        for organiser in &self.organisers {
            if organiser.is_weak() {
                return Err(GenesisError::WeakOrganiser { got: *organiser });
            }
            if !organisers.insert(organiser) {
                return Err(GenesisError::DuplicateOrganiser { got: *organiser });
            }
        }
        self.check_rules()?;
        let (mut numbers, mut codes) = (BTreeSet::new(), BTreeSet::new());
        for fixture in &self.matches {
            if !numbers.insert(fixture.no) {
                return Err(GenesisError::Duplicate {
                    what: "number",
                    got: fixture.no.to_string(),
                });
            }
            if !codes.insert(fixture.code.folded()) {
                return Err(GenesisError::Duplicate {
                    what: "code",
                    got: fixture.code.to_string(),
                });
            }
        }
        Ok(())
    }

    fn check_rules(&self) -> Result<(), GenesisError> {
        let rules = &self.rules;
        let organisers = count(self.organisers.len());
        range("deadline_lead_s", rules.deadline_lead_s.into(), 0, 86_400)?;
        range(
            "opening_window_s",
            rules.opening_window_s.into(),
            1,
            MAX_WINDOW_S,
        )?;
        range(
            "dispute_window_s",
            rules.dispute_window_s.into(),
            0,
            MAX_WINDOW_S,
        )?;
        range(
            "schedule_quorum",
            rules.schedule_quorum.into(),
            1,
            organisers.max(1),
        )?;
        range(
            "results_quorum",
            rules.results_quorum.into(),
            1,
            organisers.max(1),
        )?;
        range("stake_max", rules.stake_max.0, rules.stake_min.0, MAX_CHIPS)?;
        range("tie_breaks", count(rules.tie_breaks.len()), 0, 8)?;
        for (index, got) in rules.tie_breaks.iter().enumerate() {
            if rules
                .tie_breaks
                .iter()
                .take(index)
                .any(|before| before == got)
            {
                return Err(GenesisError::DuplicateTieBreak { got: got.name() });
            }
        }
        range("stages", count(rules.stages.len()), 0, 64)?;
        let mut stages = BTreeSet::new();
        for stage in &rules.stages {
            range("multiplier", stage.multiplier.into(), 1, 100)?;
            if !stages.insert(&stage.stage) {
                return Err(GenesisError::DuplicateStage {
                    got: stage.stage.to_string(),
                });
            }
        }
        range("points", largest(rules.scoring).into(), 1, 1_000)?;
        if self.membership == Membership::Invite {
            range(
                "organisers of a pool by invitation",
                organisers,
                1,
                count(MAX_ORGANISERS),
            )?;
        }
        Ok(())
    }
}

/// The largest number of a scheme.
fn largest(scoring: Scoring) -> u16 {
    let points = match scoring {
        Scoring::Best(t) => vec![
            t.exact,
            t.difference,
            t.draw,
            t.winner_goals,
            t.loser_goals,
            t.tendency,
            t.one_team,
        ],
        Scoring::Sum(a) => vec![a.exact, a.tendency, a.each_team, a.difference],
    };
    points.into_iter().max().unwrap_or(0)
}
