//! Results that a file proposes. Files err, so none of them is one before organisers sign it.

use bolao_fixtures::pool::outcome;
use bolao_ledger::{Action, MatchNo, Outcome, Status};

use serde::Serialize;

use super::{Plan, Pool, Refusals, Verdict};
use crate::{record, view::Match};

/// A result that the file has and the pool has not.
#[derive(Debug, Serialize)]
pub(crate) struct Proposal {
    #[serde(skip)]
    pub(crate) no: u16,
    pub(crate) code: String,
    pub(crate) teams: String,
    /// None where the file's score cannot be a record.
    pub(crate) outcome: Option<Outcome>,
    /// The record that stands and says something else, in words.
    pub(crate) corrects: Option<String>,
    /// The command that records it.
    pub(crate) command: Option<String>,
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
}

/// What the file proposes beyond the records that stand, in the order of the file.
pub(crate) fn proposals(plan: &Plan, pool: &Pool<'_>) -> Vec<Proposal> {
    let games = plan.file.matches.iter().zip(&plan.partners);
    games
        .filter_map(|(game, partner)| proposal(game, pool.matches.get((*partner)?)?, pool))
        .collect()
}

/// The results that the ledger is asked for.
pub(crate) fn results(proposals: &[Proposal]) -> Vec<Action> {
    proposals.iter().filter_map(Proposal::signing).collect()
}

/// Takes in which of them the ledger refuses.
pub(crate) fn refuse(proposals: &mut [Proposal], refusals: &Refusals) {
    for proposal in proposals {
        if let Some(why) = proposal.signing().and_then(|it| refusals.why(&it)) {
            let stands = proposal.corrects.as_ref();
            let stands = stands.map_or_else(String::new, |stands| {
                format!(": {stands}; the file disagrees")
            });
            proposal.verdict = Verdict::Refused(format!("{why}{stands}"));
        }
    }
}

impl Proposal {
    /// What would be signed.
    fn signing(&self) -> Option<Action> {
        let outcome = self.outcome.clone()?;
        let match_no = MatchNo(self.no);
        (self.verdict == Verdict::Sign).then_some(Action::Result { match_no, outcome })
    }
}

fn proposal(game: &bolao_fixtures::Fixture, ours: &Match, pool: &Pool<'_>) -> Option<Proposal> {
    let made = |outcome: Option<Outcome>, verdict| {
        Some(Proposal {
            no: ours.fixture.no,
            code: ours.fixture.code.clone(),
            teams: ours.teams(),
            command: outcome
                .as_ref()
                .map(|outcome| record::command(&ours.fixture.code, outcome)),
            outcome,
            corrects: ours
                .record
                .as_ref()
                .filter(|_| !ours.reopened())
                .map(|record| record::scores(&record.outcome)),
            verdict,
        })
    };
    let outcome = match outcome(game)? {
        Ok(outcome) => outcome,
        // Whatever organisers recorded is better than a score that cannot be one.
        Err(_) if ours.record.is_some() => return None,
        Err(why) => return made(None, Verdict::Refused(why)),
    };
    if let Some(record) = &ours.record {
        // A file goes on saying "postponed" after the match was scheduled anew.
        if record.outcome.agrees_with(&outcome) {
            return None;
        }
    }
    if outcome.status == Status::Postponed && ours.fixture.kickoff.is_none() {
        return None;
    }
    let waiting = pool.waits(ours.fixture.no).iter().find(|waiting| {
        let waits = waiting.outcome();
        waits.is_some_and(|waits| waits.agrees_with(&outcome))
    });
    match waiting {
        None => made(Some(outcome), Verdict::Sign),
        Some(waiting) => {
            let signed = pool.own.is_some_and(|own| waiting.is_signed_by(own));
            let verdict = if signed {
                Verdict::Signed
            } else {
                Verdict::Sign
            };
            // The same bytes, so that signatures add up.
            made(waiting.outcome().cloned(), verdict)
        }
    }
}
