//! What a newer file of a pool's matches changes.

use bolao_acting::Missing;
use bolao_answers::Named;
use bolao_fixtures::{Unseen, pool::Verdict};
use bolao_ledger::{AccountId, Action};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::MatchRef;

/// The order of a date's first two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrderBody {
    /// `14/06/2026` is the fourteenth of June.
    DayMonth,
    /// `06/14/2026` is.
    MonthDay,
}

/// The text of a file of fixtures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListTextBody {
    /// The text that a person would have pasted.
    #[schema(example = "Date\tHome\tAway\n2026-11-28 15:00\tLions\tTigers")]
    pub text: String,
    /// Places of a spreadsheet that nobody sees who looks at it, and that are not in the text.
    pub unseen: Unseen,
}

/// A newer file of a pool's matches, and what it may not say itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewerFileBody {
    /// The file: openfootball's JSON, a calendar or a table.
    pub text: String,
    /// True if it is the list that this node reads from the web instead, with those results alone that may be signed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sources: bool,
    /// The zone of times without an offset, and of its days; if absent, they are days as the pool's own,
    /// else as those that wait for signatures, else of `here`, else of UTC. It is needed where those days lie on both sides of a
    /// clock change and do not show whose the file's are. Organisers in several zones give the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Europe/Lisbon")]
    pub zone: Option<String>,
    /// The zone of whoever asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Europe/Lisbon")]
    pub here: Option<String>,
    /// The number of `05/06/2026` that is the day, where no date of the file shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<DateOrderBody>,
    /// The organiser whose signature it would be; some organiser's if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "bolao1…")]
    pub account: Option<AccountId>,
    /// True if it is the list of a known competition: kick-offs far ahead are provisional, and matches that have begun and are none of the
    /// pool's are left out, as of a league that had begun when the pool was made.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub league: bool,
    /// True if a file is taken whose teams are mostly others than the pool's.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub anyway: bool,
}

/// The changes of a newer file, as they are to be signed. They follow from the file, its `zone`, the pool, what waits for signatures and the
/// time alone, so that several organisers who read one file sign the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanBody {
    /// The file's name of the competition.
    pub name: String,
    /// The number of its matches.
    pub matches: usize,
    /// The number of them that are the pool's.
    pub known: usize,
    /// The zone of the days of its matches without a time, such as `Europe/Lisbon` or `UTC+02`, if it has some and the
    /// pool's rules know days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The changes: the matches in the order of the file, then its results.
    pub changes: Vec<PlannedBody>,
    /// Codes of the pool's matches that the file does not list.
    pub not_in_file: Vec<String>,
    /// The warnings about the file: sentences, 100 at most.
    pub warnings: Vec<String>,
    /// Entries of a calendar that name no two teams, 100 at most.
    pub left_out: Vec<String>,
}

/// A change by the file to one match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlannedBody {
    /// The match; a new one by the number that it would have.
    pub r#match: MatchRef,
    /// The teams of a new match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teams: Option<[String; 2]>,
    /// The contents to sign, each in a transaction of its own: a schedule, a day or both, or a result. Whether it may be is for
    /// `verdict` to say: it is here too where that refuses it, and where a look may settle what is doubtful (`perhaps`, `alike`, `late`).
    #[schema(value_type = Vec<Action>)]
    pub signs: Vec<Named<Action>>,
    /// For each of these, the signatures that it still wants once `account` has signed all of them; empty without an account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// The verdict on whether it can be signed.
    #[serde(flatten)]
    pub verdict: Verdict,
}
