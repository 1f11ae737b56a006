//! Lists from the web that a node reads, and live scores.

use bolao_feeds::{Heard, Known};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::MatchRef;

/// The lists that a node reads from the web, and what it would not propose of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourcesBody {
    /// Whether it reads them.
    pub on: bool,
    /// The code of the competition, where it reads one that is known.
    pub competition: Option<String>,
    /// Each list; the first also tells moved kick-offs, teams and new matches.
    pub sources: Vec<Heard>,
    /// The number of results that organisers can sign now, by `POST /api/v1/fixtures/plan` with `sources`.
    pub ready: usize,
    /// Results that wait, or are not proposed at all.
    pub waiting: Vec<WaitingResultBody>,
}

/// A competition whose lists the program knows: a season of a league, or a tournament.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CompetitionBody {
    /// Such as `en.1.2026-27` or `worldcup.2026`.
    pub code: String,
    /// Such as `Premier League 2026-27`.
    pub name: String,
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    pub begins: Date,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    pub ends: Date,
    /// True if more than the months of these two is known.
    pub days_are_known: bool,
    /// True if the program has a copy of its list, which needs no web.
    pub has_copy: bool,
    /// Words by which people look for it, besides its name.
    pub words: String,
    /// The addresses of its lists.
    pub urls: Vec<String>,
    /// The IANA name of the zone of times that its lists give without one.
    pub zone: String,
}

impl From<&Known> for CompetitionBody {
    fn from(known: &Known) -> Self {
        Self {
            code: known.code.clone(),
            name: known.name.clone(),
            begins: known.days.first,
            ends: known.days.last,
            days_are_known: known.days.exact,
            has_copy: known.has_copy(),
            words: known.words().to_owned(),
            urls: known.urls().iter().map(ToString::to_string).collect(),
            zone: known.zone.to_owned(),
        }
    }
}

/// A result that is not proposed, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitingResultBody {
    /// The match.
    pub r#match: MatchRef,
    /// Its score in the first source that has one.
    pub score: Option<String>,
    /// The sources that have one.
    pub sources: Vec<String>,
    /// The reason: a sentence.
    pub why: String,
}
