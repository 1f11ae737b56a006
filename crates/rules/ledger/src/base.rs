//! The score of a match that a bet is compared with: how a record makes it, and what is said of it.

use std::str::FromStr;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    score::{MAX_GOALS, Score},
    template::{Template, sentences},
};

/// The score that a bet is compared with.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Base {
    /// After 90 minutes and stoppage time.
    #[serde(rename = "90")]
    After90 = 0,
    /// After extra time where it was played, the shoot-out left out.
    #[serde(rename = "120")]
    After120 = 1,
    /// The same, and the goals of the shoot-out, where there was one, added to it.
    #[serde(rename = "penalties")]
    AfterPenalties = 2,
}

sentences! {
    pub const BASE_SENTENCES;
    AFTER_90 = "The score after 90 minutes and stoppage time counts.";
    AFTER_120 = "The score after extra time, where it is played, without the penalty shoot-out, counts.";
    AFTER_PENALTIES = "The score with the penalty shoot-out counts: where there is one, its goals are added to those after extra time.";
    STAGES_90 = "In the {count, plural, one {stage} other {stages}} {stages}, the score after 90 minutes and stoppage time counts, and {times, plural, =1 {points are as elsewhere} =2 {points are doubled} other {points are multiplied by #}}.";
    STAGES_120 = "In the {count, plural, one {stage} other {stages}} {stages}, the score after extra time, where it is played, without the penalty shoot-out, counts, and {times, plural, =1 {points are as elsewhere} =2 {points are doubled} other {points are multiplied by #}}.";
    STAGES_PENALTIES = "In the {count, plural, one {stage} other {stages}} {stages}, the score with the penalty shoot-out counts: where there is one, its goals are added to those after extra time, and {times, plural, =1 {points are as elsewhere} =2 {points are doubled} other {points are multiplied by #}}.";
}

impl Base {
    const ALL: [Self; 3] = [Self::After90, Self::After120, Self::AfterPenalties];

    /// Its name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::After90 => "90",
            Self::After120 => "120",
            Self::AfterPenalties => "penalties",
        }
    }

    /// The score that counts by it, of those after 90 minutes, after 120, and of the shoot-out.
    ///
    /// # Rule K3: bets are compared with the score after 90 minutes, after 120, or with that and the goals of a shoot-out, as the rules say
    /// # for the stage.
    #[must_use]
    pub fn score_of(self, [after_90, after_120, shootout]: [Option<Score>; 3]) -> Option<Score> {
        let played = after_120.or(after_90);
        match self {
            Self::After90 => after_90,
            Self::After120 => played,
            Self::AfterPenalties => {
                shootout.map_or(played, |shootout| Some(sum(played?, shootout)))
            }
        }
    }

    /// Says that it counts.
    #[must_use]
    pub const fn says(self) -> Template {
        match self {
            Self::After90 => AFTER_90,
            Self::After120 => AFTER_120,
            Self::AfterPenalties => AFTER_PENALTIES,
        }
    }

    /// Says that it counts in some `stages`, and how often their points do.
    #[must_use]
    pub const fn says_of_stages(self) -> Template {
        match self {
            Self::After90 => STAGES_90,
            Self::After120 => STAGES_120,
            Self::AfterPenalties => STAGES_PENALTIES,
        }
    }

    /// It in a table's cell.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::After90 => "90 minutes",
            Self::After120 => "120 minutes",
            Self::AfterPenalties => "with penalties",
        }
    }

    /// It in a few words, as they stand behind "the score".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::After90 => "after 90 minutes",
            Self::After120 => "after extra time where it is played (no shoot-out)",
            Self::AfterPenalties => "with the penalty shoot-out where there is one",
        }
    }
}

/// The goals of both together, at most [`MAX_GOALS`] a team.
fn sum(played: Score, shootout: Score) -> Score {
    let goals = |goals: fn(Score) -> u8| {
        let both = u64::from(goals(played)) + u64::from(goals(shootout));
        both.min(MAX_GOALS.into())
    };
    Score::new(goals(Score::home), goals(Score::away)).unwrap_or(played)
}

/// Reads its name.
impl FromStr for Base {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|it| it.name() == text);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(" or ");
            format!("got `{text}`, wanted {names}: the score after so many minutes counts")
        })
    }
}
