//! What organisers have signed and too few others yet, as the node tells it.

mod numbers;

pub(crate) use bolao_api::SignedId;
pub(crate) use numbers::Numbers;

use std::collections::BTreeMap;

use anyhow::Context as _;
use bolao_ledger::UnixSeconds;
use jiff::Timestamp;

use crate::{
    source::{Source, escape},
    view::{self, Match, PlayerRef, Waiting},
};

/// An instant in the ledger's seconds.
pub(crate) fn seconds(at: Timestamp) -> anyhow::Result<UnixSeconds> {
    let seconds = u64::try_from(at.as_second()).ok().map(UnixSeconds);
    seconds.with_context(|| format!("the kick-off {at} lies before 1970: give a time to come"))
}

/// The records of a match that wait.
pub(crate) async fn records(source: &Source, game: &Match) -> anyhow::Result<Vec<Waiting>> {
    let path = format!("/api/v1/votes?match={}", escape(&game.fixture.code));
    let mut waiting: Vec<Waiting> = source.all(&path).await?;
    waiting.retain(|waiting| waiting.outcome().is_some());
    Ok(waiting)
}

/// What waits for signatures, by the numbers of the matches.
pub(crate) async fn all(source: &Source) -> anyhow::Result<BTreeMap<u16, Vec<Waiting>>> {
    let waiting: Vec<Waiting> = source.all("/api/v1/votes").await?;
    let mut all: BTreeMap<u16, Vec<Waiting>> = BTreeMap::new();
    for one in waiting {
        all.entry(one.r#match.no).or_default().push(one);
    }
    Ok(all)
}

/// Names with commas.
pub(crate) fn names(players: &[PlayerRef]) -> String {
    let names: Vec<String> = players.iter().map(view::PlayerRef::shown).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
