//! Whether a result that sources give may be signed.

use bolao_fixtures::{Side, ends_after_90, is_first_leg, is_knockout, pool};
use bolao_ledger::{AccountId, MatchNo, Outcome, Status, UnixSeconds};
use thiserror::Error;

/// The time after which a match of 90 minutes is over, in seconds: the break and ten minutes of stoppage included.
const OVER_S: u64 = 125 * 60;
/// The same of a match that may have extra time and a shoot-out.
const OVER_LONG_S: u64 = 190 * 60;
/// The time for which a score must stay as it is, in seconds.
const STAYS_S: u64 = 600;

/// The result of a match in one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Without its half-time, so that sources that know it and others say the same. The reason where it cannot be a record.
    pub(crate) outcome: Result<Outcome, String>,
    /// The reads in which it was the same, the last ones.
    pub(crate) reads: Vec<UnixSeconds>,
    /// The kick-off in the source.
    pub(crate) kickoff: Option<UnixSeconds>,
}

/// A result that sources give of a match without this record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The number of the match.
    pub no: MatchNo,
    /// Its code in the pool.
    pub code: String,
    /// The result, as the first source that has one gives it.
    pub outcome: Option<Outcome>,
    /// The names of the sources that give it.
    pub sources: Vec<String>,
    /// The reason why it may not be signed yet, or at all.
    pub why: Option<Why>,
    /// Whether its record should say who goes on to the next round.
    pub asks_who_goes_on: bool,
}

/// A record that a referee signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// The record.
    pub outcome: Outcome,
    /// The number of its signatures, with the referee's.
    pub signatures: usize,
}

impl Judged {
    /// The record that an account signs of it: one that waits and says the same, so that signatures add up, else the result itself. None
    /// where it may not be signed, or the account has signed it.
    #[must_use]
    pub fn signing(&self, waiting: &[pool::Waiting], own: AccountId) -> Option<Signing> {
        let outcome = self.outcome.as_ref().filter(|_| self.why.is_none())?;
        let mut alike = waiting.iter().filter_map(|it| {
            Some((
                it.alike(self.no, outcome, self.asks_who_goes_on)?,
                &it.signers[..],
            ))
        });
        // Another's words are not signed unread.
        let alike = alike.find(|(waits, _)| waits.reason.is_none());
        let (outcome, signers) = alike.unwrap_or((outcome, &[]));
        (!signers.contains(&own)).then(|| Signing {
            outcome: outcome.clone(),
            signatures: signers.len().saturating_add(1),
        })
    }
}

/// The reason why a result is not signed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Why {
    /// The pool does not know when it is played.
    #[error("the pool does not know when it kicked off")]
    NoKickoff,
    /// It does not know both teams.
    #[error("the pool does not know its teams yet: sign them first")]
    NoTeams,
    /// It may still be played.
    #[error("it may not be over yet")]
    TooEarly {
        /// When it is over for sure.
        until: UnixSeconds,
    },
    /// The score has not stood for long enough.
    #[error("the score is new: it must stay the same for ten minutes")]
    New,
    /// Sources differ.
    #[error("the sources disagree: {}", said.join(", "))]
    Disagree {
        /// Each with its score.
        said: Vec<String>,
    },
    /// A source has no score yet.
    #[error("{source_name} has no score yet")]
    Silent {
        /// The source.
        source_name: String,
    },
    /// Level after 90 minutes, in a round that has a winner.
    #[error("it was level, and the source does not know who won")]
    NoWinner,
    /// Points hang on who goes on to the next round, and it may not be the winner of this match.
    #[error("points are given for who goes on to the next round, which the source does not say")]
    WhoGoesOn,
    /// Something else than a score: put off, cancelled, awarded, abandoned.
    #[error("the source says that it was {0}, which an organiser must decide")]
    NotPlayed(&'static str),
    /// The pool has put it off, and has no new time for it.
    #[error("the pool has postponed it: set its new time first")]
    PutOff,
    /// Another record stands.
    #[error("the current record says something else, which an organiser must decide")]
    Correction,
    /// The score cannot be a record.
    #[error("{0}")]
    NoRecord(String),
}

/// A source with what it says of a match.
pub(crate) struct Word<'a> {
    pub(crate) name: &'a str,
    /// Whether its list has the match.
    pub(crate) lists: bool,
    pub(crate) seen: Option<&'a Seen>,
}

/// A result without what sources write differently or not at all.
pub(crate) fn plain(outcome: Outcome) -> Outcome {
    Outcome {
        half_time: None,
        reason: None,
        ..outcome
    }
}

fn said(word: &Word<'_>) -> Option<String> {
    let outcome = word.seen?.outcome.as_ref().ok()?;
    let score = outcome.after_120.or(outcome.after_90);
    let score = score.map_or_else(|| "no score".to_owned(), |score| score.to_string());
    let shootout = outcome.shootout;
    let shootout =
        shootout.map_or_else(String::new, |score| format!(" ({score} in the shoot-out)"));
    Some(format!("{} {score}{shootout}", word.name))
}

/// The verdict on a match; none where no source has a result, or all that have one say what the record says.
pub(crate) fn judge(
    known: &pool::Known,
    words: &[Word<'_>],
    all_must_know: bool,
    now: UnixSeconds,
) -> Option<Judged> {
    let seen: Vec<&Seen> = words.iter().filter_map(|word| word.seen).collect();
    let outcomes = seen.iter().filter_map(|seen| seen.outcome.as_ref().ok());
    let outcome = outcomes.clone().next();
    let stands = known.stands();
    if seen.is_empty()
        || stands.is_some_and(|record| outcomes.clone().all(|it| known.says_all(record, it)))
    {
        return None;
    }
    let why = reasons(known, words, &seen, all_must_know, now);
    Some(Judged {
        no: known.fixture.no,
        code: known.fixture.code.to_string(),
        outcome: outcome.cloned(),
        sources: words
            .iter()
            .filter(|word| word.seen.is_some())
            .map(|word| word.name.to_owned())
            .collect(),
        why,
        asks_who_goes_on: known.asks_who_goes_on,
    })
}

/// The first reason why it is not signed.
fn reasons(
    known: &pool::Known,
    words: &[Word<'_>],
    seen: &[&Seen],
    all_must_know: bool,
    now: UnixSeconds,
) -> Option<Why> {
    if let Some(why) = seen.iter().find_map(|seen| seen.outcome.as_ref().err()) {
        return Some(Why::NoRecord(why.clone()));
    }
    let outcomes: Vec<&Outcome> = seen
        .iter()
        .filter_map(|it| it.outcome.as_ref().ok())
        .collect();
    let outcome = outcomes.first()?;
    let sides = [&known.fixture.home, &known.fixture.away];
    if !sides
        .iter()
        .all(|team| Side::from_text(team.name.as_str()).is_team())
    {
        return Some(Why::NoTeams);
    }
    if known.postponed {
        return Some(Why::PutOff);
    }
    if known.stands().is_some() {
        return Some(Why::Correction);
    }
    if let Some(other) = outcomes.iter().find(|it| it.status != Status::Played) {
        return Some(Why::NotPlayed(other.status.name()));
    }
    if outcomes.iter().any(|other| other != outcome) {
        let said = words.iter().filter_map(said).collect();
        return Some(Why::Disagree { said });
    }
    let round = known.fixture.stage.as_str();
    let until = match over(known, seen, !ends_after_90(round), now) {
        Ok(until) => until,
        Err(why) => return Some(why),
    };
    let last = outcome.after_120.or(outcome.after_90);
    let level = last.is_some_and(|score| score.home() == score.away());
    if is_knockout(round) && !is_first_leg(round) && level && outcome.shootout.is_none() {
        return Some(Why::NoWinner);
    }
    if known.leaves_open(outcome) {
        return Some(Why::WhoGoesOn);
    }
    // A score that stood before the end may be one of a match that is still played.
    let stays = |it: &Seen| {
        let mut since = it.reads.iter().filter(|read| **read >= until);
        let last = it.reads.last();
        since
            .next()
            .zip(last)
            .is_some_and(|(first, last)| last.0 - first.0 >= STAYS_S)
    };
    if !seen.iter().all(|it| stays(it)) {
        return Some(Why::New);
    }
    let mut silent = words.iter().filter(|it| it.lists && it.seen.is_none());
    let silent = silent.next().filter(|_| all_must_know)?;
    let source_name = silent.name.to_owned();
    Some(Why::Silent { source_name })
}

/// When it was over for sure, by the latest of the kick-offs that are known.
fn over(
    known: &pool::Known,
    seen: &[&Seen],
    may_be_long: bool,
    now: UnixSeconds,
) -> Result<UnixSeconds, Why> {
    let day = known.day.map(|day| day.ends);
    let own = known.fixture.kickoff.or(day).ok_or(Why::NoKickoff)?;
    let kickoffs = seen.iter().filter_map(|it| it.kickoff);
    let last = kickoffs.fold(own, Ord::max);
    let takes = if may_be_long { OVER_LONG_S } else { OVER_S };
    let until = UnixSeconds(last.0.saturating_add(takes));
    if now < until {
        return Err(Why::TooEarly { until });
    }
    Ok(until)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::{Score, Text, Vote};

    use super::*;

    const ANA: AccountId = AccountId([1; 32]);
    const REFEREE: AccountId = AccountId([9; 32]);

    fn judged(outcome: &Outcome, why: Option<Why>) -> Judged {
        Judged {
            no: MatchNo(1),
            code: "M1".to_owned(),
            outcome: Some(outcome.clone()),
            sources: Vec::new(),
            why,
            asks_who_goes_on: true,
        }
    }

    fn waits(no: u16, outcome: &Outcome, signer: AccountId) -> pool::Waiting {
        pool::Waiting {
            no: MatchNo(no),
            vote: Vote::Result(outcome.clone()),
            signers: vec![signer],
        }
    }

    #[test]
    fn a_referee_adds_to_what_waits_and_signs_nobody_elses_words() {
        let score = |home, away| Score::new(home, away).unwrap();
        let outcome = Outcome::played(score(2, 1));
        let signing = |waiting: &[pool::Waiting]| judged(&outcome, None).signing(waiting, REFEREE);
        let own = Signing {
            outcome: outcome.clone(),
            signatures: 1,
        };
        assert_eq!(signing(&[]), Some(own.clone()));
        let other = Outcome::played(score(2, 2));
        assert_eq!(
            signing(&[waits(1, &other, ANA), waits(2, &outcome, ANA)]),
            Some(own.clone())
        );
        let with_half = Outcome {
            half_time: Some(score(1, 0)),
            ..outcome.clone()
        };
        let added = Signing {
            outcome: with_half.clone(),
            signatures: 2,
        };
        assert_eq!(signing(&[waits(1, &with_half, ANA)]), Some(added));
        let with_words = Outcome {
            reason: Some(Text::new("as I saw it").unwrap()),
            ..with_half.clone()
        };
        assert_eq!(signing(&[waits(1, &with_words, ANA)]), Some(own));
        assert_eq!(signing(&[waits(1, &with_half, REFEREE)]), None);
        // It says who goes on, and what waits does not.
        let goes_on = Outcome {
            advances: Some(bolao_ledger::Side::Home),
            ..outcome.clone()
        };
        let signed = judged(&goes_on, None).signing(&[waits(1, &outcome, ANA)], REFEREE);
        assert_eq!(signed.unwrap().outcome, goes_on);
        let early = judged(&outcome, Some(Why::New));
        assert_eq!(early.signing(&[], REFEREE), None);
    }
}
