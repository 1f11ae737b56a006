//! Whatever takes bets, as those see it who go by its times: a plain view, so that nobody has to ask of what kind it is.

mod answer;
mod question;

pub use answer::Answer;
pub use question::{Asks, Question, Row, Slot, given};

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    fixture::{Fixture, ItemKind, MatchCode, MatchNo, Team},
    outcome::Side,
    rules::Rules,
    score::Score,
    state::{Match, Matches, Questions, Slots, StateView},
    text::Text,
    units::UnixSeconds,
};

/// Something that players bet on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The number that bets name.
    pub no: MatchNo,
    /// The number under which organisers sign about it.
    pub of: MatchNo,
    /// Its name for people and URLs.
    pub code: MatchCode,
    /// The title that people know it by.
    pub title: Title,
    /// The kind of prediction that it takes.
    pub takes: PredictionKind,
    /// When it begins, from when on its seals are opened.
    pub begins: Option<UnixSeconds>,
    /// When its day begins, where no more is known.
    pub day_begins: Option<UnixSeconds>,
    /// When betting ends.
    pub deadline: Option<UnixSeconds>,
    /// Since when it is what it is to bet on.
    pub since: UnixSeconds,
    /// The number of players who have a bet on it.
    pub bets: u32,
    /// The number of those bets that are sealed and not opened.
    pub unopened: u32,
}

/// The title of what players bet on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Title {
    /// The teams of a match.
    Teams {
        /// The first team.
        home: Team,
        /// The second team.
        away: Team,
    },
    /// The text of a question.
    Question(Text<200>),
}

impl Title {
    /// The kind of what bears it.
    #[must_use]
    pub const fn kind(&self) -> ItemKind {
        match self {
            Self::Teams { .. } => ItemKind::Match,
            Self::Question(_) => ItemKind::Question,
        }
    }

    /// The teams, if it is a match's.
    #[must_use]
    pub const fn teams(&self) -> Option<[&Team; 2]> {
        match self {
            Self::Teams { home, away } => Some([home, away]),
            Self::Question(_) => None,
        }
    }
}

impl fmt::Display for Title {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Teams { home, away } => write!(f, "{} – {}", home.name, away.name),
            Self::Question(text) => text.fmt(f),
        }
    }
}

impl Item {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> ItemKind {
        self.title.kind()
    }

    /// Whether bets on it do not count, for want of notice (S22).
    #[must_use]
    pub fn lacks_notice(&self, rules: &Rules) -> bool {
        rules.lacks_notice(self.since, self.deadline)
    }

    /// Whether a bet in a block of this time is taken.
    #[must_use]
    pub fn is_open_at(&self, time: UnixSeconds, rules: &Rules) -> bool {
        !self.lacks_notice(rules) && self.deadline.is_none_or(|deadline| time < deadline)
    }

    /// Whether it has begun.
    #[must_use]
    pub fn has_begun_at(&self, time: UnixSeconds) -> bool {
        self.begins.is_some_and(|begins| begins <= time)
    }

    /// From when on its seals are not opened any more, if the window is `window_s` long.
    #[must_use]
    pub fn openings_end(&self, window_s: u32) -> Option<UnixSeconds> {
        let begins = self.begins?;
        Some(UnixSeconds(begins.0.saturating_add(window_s.into())))
    }

    /// The times from which on bets on it, openings of its seals and records of it become something else.
    pub fn turns(&self, rules: &Rules) -> impl Iterator<Item = UnixSeconds> {
        let over = self.openings_end(rules.opening_window_s);
        // From then on what organisers change of it comes without the notice.
        let notice_s = u64::from(rules.notice_s);
        let notice = self.deadline.filter(|_| notice_s > 0);
        let late = notice.map(|it| UnixSeconds(it.0.saturating_sub(notice_s).saturating_add(1)));
        [self.deadline, self.begins, over, late]
            .into_iter()
            .flatten()
    }

    /// The item with a number.
    pub(crate) fn read<S: StateView + ?Sized>(
        state: &S,
        no: MatchNo,
    ) -> Result<Option<Self>, S::Error> {
        if let Some(game) = state.match_by_no(no)? {
            return Ok(Some(game.into()));
        }
        let Some(slot) = state.slot(no)? else {
            return Ok(None);
        };
        let question = state.get::<Questions>(&slot.of)?;
        Ok(question.map(|question| slot.item(no, &question)))
    }

    /// All that there are, in order of numbers.
    pub(crate) fn all<S: StateView + ?Sized>(state: &S) -> Result<Vec<Self>, S::Error> {
        let matches = state.scan::<Matches>(&(), None, usize::MAX)?;
        let mut items: Vec<Self> = matches.into_iter().map(|(_, game)| game.into()).collect();
        for (_, question) in state.scan::<Questions>(&(), None, usize::MAX)? {
            for no in question.numbers() {
                let slot = state.get::<Slots>(&no)?;
                items.extend(slot.map(|slot| slot.item(no, &question)));
            }
        }
        Ok(items)
    }
}

impl From<&Fixture> for Title {
    fn from(fixture: &Fixture) -> Self {
        Self::Teams {
            home: fixture.home.clone(),
            away: fixture.away.clone(),
        }
    }
}

impl From<Match> for Item {
    fn from(game: Match) -> Self {
        let (begins, fixture) = (game.begins_at(), game.fixture);
        Self {
            no: fixture.no,
            of: fixture.no,
            title: (&fixture).into(),
            takes: PredictionKind::Score,
            code: fixture.code,
            begins,
            day_begins: game.day.map(|day| day.begins),
            deadline: game.deadline,
            since: game.since,
            bets: game.bets,
            unopened: game.unopened,
        }
    }
}

/// A prediction of what players bet on.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PredictedBody))]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Prediction {
    /// The score of a match.
    Score(Score) = 0,
    /// An option of a question, by its place, from 0.
    Option(Answer) = 1,
    /// A number that answers a question.
    Number(Answer) = 2,
    /// The score of a match, and its first team as the one that goes on to the next round.
    ThroughHome(Score) = 3,
    /// The score of a match, and its second team as the one that goes on to the next round.
    ThroughAway(Score) = 4,
}

/// A kind of prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PredictionKind {
    /// The score of a match.
    Score,
    /// An option of a question.
    Option,
    /// A number.
    Number,
}

impl From<Score> for Prediction {
    fn from(score: Score) -> Self {
        Self::Score(score)
    }
}

impl fmt::Display for PredictionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Score => "a score",
            Self::Option => "an option",
            Self::Number => "a number",
        })
    }
}

impl Prediction {
    /// Its kind.
    #[must_use]
    pub const fn kind(self) -> PredictionKind {
        match self {
            Self::Score(_) | Self::ThroughHome(_) | Self::ThroughAway(_) => PredictionKind::Score,
            Self::Option(_) => PredictionKind::Option,
            Self::Number(_) => PredictionKind::Number,
        }
    }

    /// The score, if it has one.
    #[must_use]
    pub const fn score(self) -> Option<Score> {
        match self {
            Self::Score(score) | Self::ThroughHome(score) | Self::ThroughAway(score) => Some(score),
            Self::Option(_) | Self::Number(_) => None,
        }
    }

    /// The answer to a question, if it is one.
    #[must_use]
    pub const fn answer(self) -> Option<Answer> {
        match self {
            Self::Score(_) | Self::ThroughHome(_) | Self::ThroughAway(_) => None,
            Self::Option(answer) | Self::Number(answer) => Some(answer),
        }
    }

    /// The team that it names as the one that goes on to the next round.
    #[must_use]
    pub const fn through(self) -> Option<Side> {
        match self {
            Self::ThroughHome(_) => Some(Side::Home),
            Self::ThroughAway(_) => Some(Side::Away),
            Self::Score(_) | Self::Option(_) | Self::Number(_) => None,
        }
    }

    /// A score, with the team that goes on to the next round where one is named.
    #[must_use]
    pub const fn of_match(score: Score, through: Option<Side>) -> Self {
        match through {
            None => Self::Score(score),
            Some(Side::Home) => Self::ThroughHome(score),
            Some(Side::Away) => Self::ThroughAway(score),
        }
    }

    /// Every prediction, the likelier kinds first.
    pub fn all() -> impl Iterator<Item = Self> {
        let answers = || (0..=Answer::MOST).filter_map(|it| Answer::try_from(it).ok());
        let scores = Score::all().map(Self::Score);
        let options = answers().map(Self::Option);
        let through = [Side::Home, Side::Away].map(Some).into_iter();
        let through = through.flat_map(|side| Score::all().map(move |it| Self::of_match(it, side)));
        let numbers = answers().map(Self::Number);
        scores.chain(options).chain(numbers).chain(through)
    }

    /// It in English, of an answer without its question: the place of its option, counted from 1, or the number that it is.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Option(answer) => {
                let place = u32::from(answer.get()).saturating_add(1);
                format!("option {place}")
            }
            Self::ThroughHome(score) => format!("{score}, first team goes through"),
            Self::ThroughAway(score) => format!("{score}, second team goes through"),
            Self::Score(_) | Self::Number(_) => self.to_string(),
        }
    }
}

impl fmt::Display for Prediction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Score(score) | Self::ThroughHome(score) | Self::ThroughAway(score) => {
                score.fmt(f)
            }
            Self::Option(answer) | Self::Number(answer) => answer.get().fmt(f),
        }
    }
}
