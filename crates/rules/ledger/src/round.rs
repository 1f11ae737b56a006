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
