//! What is different in some stages: a table names a round of the fixtures, or what several rounds have in common.

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
    /// Whether another table is for the same.
    fn is_of(&self, stage: &str) -> bool {
        self.stage.trim().to_lowercase() == stage.trim().to_lowercase()
    }

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
            .any(|other| table.is_of(&other.stage));
        if again {
            return Err(PoolFileError::StageTwice {
                stage: table.stage.clone(),
            });
        }
        Round::called(&table.stage, rounds)?;
    }
    let mut rules: Vec<StageRule> = Vec::new();
    for round in rounds {
        let by_round = tables.iter().find(|table| round.is_called(&table.stage));
        let by_stage = tables.iter().find(|table| round.is_of(&table.stage));
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
