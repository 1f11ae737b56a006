//! What is different in some stages: a table names a round of the fixtures, or what several rounds have in common.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{PoolFileError, Round};
use crate::{base::Base, rules::StageRule, text::Text};

/// A table `[[stages]]` of the pool file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageTable {
    /// The round, or the stage that rounds belong to.
    pub stage: String,
    #[serde(default, deserialize_with = "super::base")]
    /// The score that counts there.
    pub base: Option<Base>,
    /// The factor that points are multiplied by there.
    pub multiplier: Option<u8>,
}

impl StageTable {
    fn rule(&self, base: Base, stage: &Text<64>) -> StageRule {
        StageRule {
            stage: stage.clone(),
            base: self.base.unwrap_or(base),
            multiplier: self.multiplier.unwrap_or(1),
        }
    }
}

/// A rule for each round that a table names, in the order of the rounds. A table that names a round goes before one
/// that names the stage which the round belongs to.
pub(super) fn rules(
    tables: &[StageTable],
    base: Base,
    rounds: &[Round],
) -> Result<Vec<StageRule>, PoolFileError> {
    for (at, table) in tables.iter().enumerate() {
        let again = tables
            .iter()
            .skip(at + 1)
            .any(|other| is(&table.stage, &other.stage));
        if again {
            return Err(PoolFileError::StageTwice {
                stage: table.stage.clone(),
            });
        }
        let known = rounds
            .iter()
            .any(|round| is(&table.stage, round.name.as_str()) || is(&table.stage, &round.stage));
        if !known {
            return Err(PoolFileError::UnknownStage {
                stage: table.stage.clone(),
                known: names(rounds),
            });
        }
    }
    let mut rules: Vec<StageRule> = Vec::new();
    for round in rounds {
        let by_round = tables
            .iter()
            .find(|table| is(&table.stage, round.name.as_str()));
        let by_stage = tables.iter().find(|table| is(&table.stage, &round.stage));
        let Some(table) = by_round.or(by_stage) else {
            continue;
        };
        let of_more = rounds
            .iter()
            .any(|other| other.name == round.name && other.stage != round.stage);
        if by_round.is_none() && of_more {
            return Err(PoolFileError::RoundOfMore {
                round: round.name.to_string(),
                stage: round.stage.clone(),
            });
        }
        let rule = table.rule(base, &round.name);
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    Ok(rules)
}

fn is(written: &str, name: &str) -> bool {
    written.trim().to_lowercase() == name.to_lowercase()
}

/// The stages, then the rounds, each once.
fn names(rounds: &[Round]) -> String {
    let mut seen = BTreeSet::new();
    let stages = rounds.iter().map(|round| round.stage.as_str());
    stages
        .chain(rounds.iter().map(|round| round.name.as_str()))
        .filter(|name| seen.insert(*name))
        .collect::<Vec<_>>()
        .join(", ")
}
