//! A round, as a list of fixtures has it.

use std::collections::BTreeSet;

use crate::{genesis::GenesisError, text::Text};

/// A round, and the importer's word for the stage that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// As its matches write it.
    pub name: Text<64>,
    /// The importer's word.
    pub stage: String,
    /// Whether one of two teams goes on to the next round.
    pub is_knockout: bool,
}

impl Round {
    /// Whether a person calls it, and it alone, so.
    pub(crate) fn is_called(&self, written: &str) -> bool {
        is(written, self.name.as_str())
    }

    /// Whether a person calls the stage so that it belongs to.
    pub(crate) fn is_of(&self, written: &str) -> bool {
        is(written, &self.stage)
    }

    /// The rounds that a person calls so, at least one: one round, or all of a stage.
    pub(crate) fn called<'a>(
        written: &str,
        rounds: &'a [Self],
    ) -> Result<Vec<&'a Self>, GenesisError> {
        let is_meant = |round: &&Self| round.is_called(written) || round.is_of(written);
        let called: Vec<_> = rounds.iter().filter(is_meant).collect();
        if called.is_empty() {
            return Err(GenesisError::UnknownRound {
                written: written.to_owned(),
                known: names(rounds),
            });
        }
        Ok(called)
    }
}

impl Round {
    /// The part of a table for each of the rounds that it has one for, each name once: for the round, or else for its stage.
    pub(crate) fn each<'a, T>(
        table: &'static str,
        rounds: &'a [Self],
        written: &'a [T],
        stage: impl Fn(&T) -> &str,
    ) -> Result<Vec<(&'a Self, &'a T)>, GenesisError> {
        for (at, one) in written.iter().enumerate() {
            let mut others = written.iter().skip(at + 1);
            if others.any(|other| is(stage(other), stage(one).trim())) {
                return Err(GenesisError::StageTwice {
                    table,
                    stage: stage(one).to_owned(),
                });
            }
            Self::called(stage(one), rounds)?;
        }
        let mut each: Vec<(&Self, &T)> = Vec::new();
        for round in rounds {
            let by_round = written.iter().find(|it| round.is_called(stage(it)));
            let by_stage = written.iter().find(|it| round.is_of(stage(it)));
            let Some(found) = by_round.or(by_stage) else {
                continue;
            };
            let of_more = rounds
                .iter()
                .any(|other| other.name == round.name && other.stage != round.stage);
            if by_round.is_none() && of_more {
                return Err(GenesisError::RoundOfMore {
                    table,
                    round: round.name.to_string(),
                    stage: round.stage.clone(),
                });
            }
            if each.iter().all(|(known, _)| known.name != round.name) {
                each.push((round, found));
            }
        }
        Ok(each)
    }
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
