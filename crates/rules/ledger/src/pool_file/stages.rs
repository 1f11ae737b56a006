//! What is different in some stages: a table names a round of the fixtures, or what several rounds have in common.

use serde::Deserialize;

use super::Round;
use crate::{base::Base, genesis::GenesisError, rules::StageRule, text::Text};

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
) -> Result<Vec<StageRule>, GenesisError> {
    let each = Round::each("[[stages]]", rounds, tables, |table| &table.stage)?;
    let rules = { each.into_iter() }.map(|(round, table)| table.rule(base, &round.name));
    Ok(rules.collect())
}
