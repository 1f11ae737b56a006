//! What organisers signed: every act of the log, and what of it still waits for the signatures of others.
//!
//! Which signatures wait follows from the log by rules R3 and S8: an act that takes effect spends all that was signed on
//! its match; whoever signs the record that stands takes back what he signed against it; a later signature of the same
//! organiser on the same kind of thing replaces the earlier one.

mod id;
mod numbers;

pub(crate) use id::SignedId;
pub(crate) use numbers::Numbers;

use std::collections::BTreeMap;

use anyhow::Context as _;
use bolao_ledger::{
    AccountId, Fixture, MatchCode, MatchNo, Outcome, Status, Team, Text, UnixSeconds,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    source::{Source, as_views},
    view::{self, Match, MatchStatus, PlayerRef},
};

/// A match as an act names it; one that was never scheduled has its number for a code.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct OfMatch {
    pub(crate) no: u16,
    pub(crate) code: String,
}

/// What an organiser did.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Act {
    pub(crate) seq: u64,
    pub(crate) organiser: PlayerRef,
    pub(crate) r#match: OfMatch,
    #[serde(flatten)]
    pub(crate) signed: Signed,
    pub(crate) took_effect: bool,
    pub(crate) height: u64,
    pub(crate) time: Timestamp,
}

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
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    /// The number of its match.
    pub(crate) no: u16,
    pub(crate) signed: Signed,
    /// In the order of their signatures.
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

    /// What names it among all that may wait.
    pub(crate) fn id(&self) -> anyhow::Result<SignedId> {
        Ok(match &self.signed {
            Signed::Result { outcome } => SignedId::of_record(self.no, outcome),
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

/// Every act of every organiser, the first one first.
pub(crate) async fn acts(source: &Source) -> anyhow::Result<Vec<Act>> {
    let mut acts: Vec<Act> = as_views(source.list("/api/v1/log", usize::MAX).await?)?;
    acts.sort_by_key(|act| act.seq);
    Ok(acts)
}

/// What waits on one match, the thing that was signed first before the others.
fn waiting_on(acts: &[Act], no: u16) -> Vec<Waiting> {
    waiting(acts).remove(&no).unwrap_or_default()
}

/// The records of a match that wait; none once its result is final, since nothing can become of them.
pub(crate) fn records(acts: &[Act], game: &Match) -> Vec<Waiting> {
    if game.status == MatchStatus::Final {
        return Vec::new();
    }
    waiting_on(acts, game.no)
        .into_iter()
        .filter(|waiting| waiting.outcome().is_some())
        .collect()
}

/// What waits for signatures, by the numbers of the matches. The acts are all there are, the first one first.
pub(crate) fn waiting(acts: &[Act]) -> BTreeMap<u16, Vec<Waiting>> {
    let mut ballots: BTreeMap<u16, Ballot> = BTreeMap::new();
    for act in acts {
        ballots.entry(act.r#match.no).or_default().take(act);
    }
    ballots
        .into_iter()
        .map(|(no, ballot)| (no, ballot.waiting(no)))
        .filter(|(_, waiting)| !waiting.is_empty())
        .collect()
}

/// The signatures on one match.
#[derive(Debug, Default)]
struct Ballot<'a> {
    /// Those that have not taken effect, in order.
    votes: Vec<&'a Act>,
    /// The record that stands.
    record: Option<&'a Outcome>,
    /// Whether the match was put off and has not been scheduled since.
    postponed: bool,
}

impl<'a> Ballot<'a> {
    fn take(&mut self, act: &'a Act) {
        if act.took_effect {
            self.votes.clear();
            match &act.signed {
                Signed::Schedule { .. } => self.postponed = false,
                Signed::Result { outcome } => {
                    self.record = Some(outcome);
                    self.postponed = outcome.status == Status::Postponed;
                }
            }
            return;
        }
        self.votes.retain(|vote| {
            vote.organiser.account != act.organiser.account
                || is_result(&vote.signed) != is_result(&act.signed)
        });
        let stands = match &act.signed {
            Signed::Schedule { .. } => false,
            Signed::Result { outcome } => {
                self.record == Some(outcome)
                    && self.postponed == (outcome.status == Status::Postponed)
            }
        };
        if !stands {
            self.votes.push(act);
        }
    }

    fn waiting(self, no: u16) -> Vec<Waiting> {
        let mut waiting: Vec<Waiting> = Vec::new();
        for vote in self.votes {
            let same = waiting.iter_mut().find(|other| other.signed == vote.signed);
            match same {
                Some(other) => other.signers.push(vote.organiser.clone()),
                None => waiting.push(Waiting {
                    no,
                    signed: vote.signed.clone(),
                    signers: vec![vote.organiser.clone()],
                }),
            }
        }
        waiting
    }
}

fn is_result(signed: &Signed) -> bool {
    matches!(signed, Signed::Result { .. })
}

/// Names with commas.
pub(crate) fn names(players: &[PlayerRef]) -> String {
    let names: Vec<String> = players.iter().map(view::PlayerRef::shown).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
