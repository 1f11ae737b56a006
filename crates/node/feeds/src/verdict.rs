//! Whether a result that sources give may be signed.

use bolao_fixtures::{Side, ends_after_90, is_knockout, pool};
use bolao_ledger::{MatchNo, Outcome, Status, UnixSeconds};
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
        || stands.is_some_and(|record| outcomes.clone().all(|it| record.agrees_with(it)))
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

/// Whether another match decides with this one who goes on.
fn is_first_leg(round: &str) -> bool {
    let round = round.to_lowercase();
    ["1st leg", "first leg", "hinspiel", "ida", "andata", "aller"]
        .iter()
        .any(|it| round.contains(it))
}
