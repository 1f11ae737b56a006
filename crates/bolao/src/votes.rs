//! What organisers have signed and too few others yet, as the node tells it.

mod numbers;

pub(crate) use bolao_api::SignedId;
pub(crate) use numbers::Numbers;

use std::collections::BTreeMap;

use anyhow::Context as _;
use bolao_ledger::{AccountId, Fixture, MatchCode, MatchNo, Outcome, Team, Text, UnixSeconds};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    source::{Source, as_views, escape},
    view::{self, Match, MatchRef, PlayerRef},
};

/// What an organiser signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Signed {
    /// How a match is scheduled.
    Schedule {
        /// The match as it was to be.
        fixture: Scheduled,
    },
    /// What became of a match.
    Result {
        /// What became of it.
        outcome: Outcome,
    },
}

/// A fixture as the API writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Scheduled {
    pub(crate) no: u16,
    pub(crate) code: String,
    pub(crate) home: Team,
    pub(crate) away: Team,
    pub(crate) kickoff: Option<Timestamp>,
    pub(crate) stage: String,
}

impl Scheduled {
    /// The fixture as the ledger has it: the same bytes that were signed.
    pub(crate) fn fixture(&self) -> anyhow::Result<Fixture> {
        Ok(Fixture {
            no: MatchNo(self.no),
            code: MatchCode::new(&self.code)?,
            home: self.home.clone(),
            away: self.away.clone(),
            kickoff: self.kickoff.map(seconds).transpose()?,
            stage: Text::new(self.stage.as_str())?,
        })
    }
}

/// An instant in the ledger's seconds.
pub(crate) fn seconds(at: Timestamp) -> anyhow::Result<UnixSeconds> {
    let seconds = u64::try_from(at.as_second()).context("the kick-off lies before 1970")?;
    Ok(UnixSeconds(seconds))
}

/// Something that fewer organisers have signed than the rules want.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) r#match: MatchRef,
    #[serde(flatten)]
    pub(crate) signed: Signed,
    /// In order of their accounts.
    pub(crate) signers: Vec<PlayerRef>,
}

impl Waiting {
    /// Whether an account has signed it.
    pub(crate) fn is_signed_by(&self, account: AccountId) -> bool {
        self.signers.iter().any(|signer| signer.account == account)
    }

    /// The record, if it is one.
    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        match &self.signed {
            Signed::Result { outcome } => Some(outcome),
            Signed::Schedule { .. } => None,
        }
    }

    /// What names it among all that may wait: made here of what would be signed, whatever the node calls it.
    pub(crate) fn id(&self) -> anyhow::Result<SignedId> {
        Ok(match &self.signed {
            Signed::Result { outcome } => SignedId::of_record(self.r#match.no, outcome),
            Signed::Schedule { fixture } => SignedId::of_schedule(&fixture.fixture()?),
        })
    }

    /// The schedule, if it is one.
    pub(crate) fn scheduled(&self) -> Option<&Scheduled> {
        match &self.signed {
            Signed::Schedule { fixture } => Some(fixture),
            Signed::Result { .. } => None,
        }
    }
}

/// The records of a match that wait.
pub(crate) async fn records(source: &Source, game: &Match) -> anyhow::Result<Vec<Waiting>> {
    let path = format!("/api/v1/votes?match={}", escape(&game.code));
    let mut waiting: Vec<Waiting> = as_views(source.list(&path, usize::MAX).await?)?;
    waiting.retain(|waiting| waiting.outcome().is_some());
    Ok(waiting)
}

/// What waits for signatures, by the numbers of the matches.
pub(crate) async fn all(source: &Source) -> anyhow::Result<BTreeMap<u16, Vec<Waiting>>> {
    let waiting: Vec<Waiting> = as_views(source.list("/api/v1/votes", usize::MAX).await?)?;
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
