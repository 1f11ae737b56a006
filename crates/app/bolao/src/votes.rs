//! What organisers have signed and too few others yet, as the node tells it.

pub(crate) use bolao_api::SignedId;

use std::collections::BTreeMap;

use anyhow::Context as _;
use bolao_fixtures::pool;
use bolao_ledger::{Action, MatchNo, UnixSeconds, Vote};
use jiff::Timestamp;

use crate::{
    output::joined,
    source::{Source, escape},
    view::{Match, PlayerRef, Waiting},
};

/// An instant in the ledger's seconds.
pub(crate) fn seconds(at: Timestamp) -> anyhow::Result<UnixSeconds> {
    let seconds = u64::try_from(at.as_second()).ok().map(UnixSeconds);
    seconds.with_context(|| format!("the kick-off {at} is before 1970: give a time in the future"))
}

/// The records of a match that wait.
pub(crate) async fn records(source: &Source, game: &Match) -> anyhow::Result<Vec<Waiting>> {
    let path = format!(
        "/api/v1/votes?match={}",
        escape(game.entry.fixture.code.as_str())
    );
    let mut waiting: Vec<Waiting> = source.all(&path).await?;
    waiting.retain(|waiting| waiting.outcome().is_some());
    Ok(waiting)
}

/// The votes that wait for signatures, by the numbers of the matches.
pub(crate) async fn all(source: &Source) -> anyhow::Result<BTreeMap<u16, Vec<Waiting>>> {
    let waiting: Vec<Waiting> = source.all("/api/v1/votes").await?;
    let mut all: BTreeMap<u16, Vec<Waiting>> = BTreeMap::new();
    for one in waiting {
        all.entry(one.about.no).or_default().push(one);
    }
    Ok(all)
}

/// The vote about a match that was signed; none if it is about something else.
pub(crate) fn vote(signed: &Action) -> Option<Vote> {
    let is_of_match =
        |vote: &Vote| matches!(vote, Vote::Schedule(_) | Vote::Result(_) | Vote::Day(_));
    signed.vote().filter(is_of_match)
}

/// The votes about matches that wait, as the ledger has them.
pub(crate) fn of_matches(all: &BTreeMap<u16, Vec<Waiting>>) -> Vec<pool::Waiting> {
    let waiting = all.values().flatten();
    let votes = waiting.filter_map(|one| {
        Some(pool::Waiting {
            no: MatchNo(one.about.no),
            vote: vote(&one.action)?,
            signers: one.signers.iter().map(|signer| signer.account).collect(),
        })
    });
    votes.collect()
}

/// Names with commas.
pub(crate) fn names(players: &[PlayerRef]) -> String {
    joined(players.iter().map(PlayerRef::shown), ", ")
}
