//! Points: what a bet gives for a score, by a scheme whose numbers are data.
//!
//! A kind of scheme is a file with all that it says, and a line of the list below.

mod best;
mod close;
mod lines;
mod presets;
mod quota;
mod sum;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize};

pub use lines::{DrawLine, WinLine};
pub use presets::{PRESET_ALIASES, PRESETS, preset};

use crate::{
    json::tagged,
    score::Score,
    template::{Template, sentences},
    units::Points,
};

/// The tier of a bet: how near it came. The better tier comes first.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Tier {
    /// Both numbers right.
    Exact = 0,
    /// The right winner and the right difference where the scheme pays it more than a tendency, or a right draw where
    /// the scheme pays it as much.
    Difference = 1,
    /// The right winner, or a right draw.
    Tendency = 2,
    /// The goals of one team right, the tendency wrong.
    OneTeam = 3,
    /// Nothing of it is right.
    None = 4,
}

/// A bet and the score that it is compared with, and what of it is right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Right {
    /// Both numbers.
    pub(crate) exact: bool,
    /// The winner, or that it is a draw.
    pub(crate) tendency: bool,
    /// The goal difference, of a draw too.
    pub(crate) difference: bool,
    /// Whether a draw was played.
    pub(crate) draw: bool,
    /// The goals of the first team.
    pub(crate) home: bool,
    /// The goals of the second team.
    pub(crate) away: bool,
    /// By how many goals each team's are off.
    pub(crate) off: (i16, i16),
    /// Whether the first team has won.
    pub(crate) home_wins: bool,
}

impl Right {
    fn of(bet: Score, result: Score) -> Self {
        let goal_difference = |score: Score| i16::from(score.home()) - i16::from(score.away());
        let (predicted, played) = (goal_difference(bet), goal_difference(result));
        Self {
            exact: bet == result,
            tendency: bet.tendency() == result.tendency(),
            difference: predicted == played,
            draw: played == 0,
            home: bet.home() == result.home(),
            away: bet.away() == result.away(),
            off: (
                i16::from(bet.home()) - i16::from(result.home()),
                i16::from(bet.away()) - i16::from(result.away()),
            ),
            home_wins: played > 0,
        }
    }
}

/// The players with a bet on a match, and those of them whose bet can be read and has the right tendency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    /// All of them, also those whose bet is a seal.
    pub bets: u32,
    /// Those with the right tendency.
    pub right: u32,
}

impl Crowd {
    /// The same with one more that can be read.
    #[must_use]
    pub(crate) fn with(self, bet: Option<Score>, score: Score) -> Self {
        let more = bet.is_some_and(|bet| bet.tendency() == score.tendency());
        Self {
            right: self.right.saturating_add(more.into()),
            ..self
        }
    }
}

/// Points for a right tendency, by how few have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rarity {
    /// The least.
    pub(crate) least: u16,
    /// The most.
    pub(crate) most: u16,
}

/// A kind of scheme. None of its answers has a default: a kind that forgets one does not compile.
pub(crate) trait SchemeKind {
    /// The largest number of it.
    fn largest(&self) -> u16;

    /// The most points that a bet gets by it before the stage's multiplier, `rarity` aside.
    fn most(&self) -> u16;

    /// The points of a bet before the stage's multiplier.
    fn points(&self, right: Right) -> u16;

    /// Whether it pays the right difference more than a tendency, for a bet with both right.
    fn pays_difference(&self, right: Right) -> bool;

    /// The points of a right tendency besides, by how few have it.
    fn rarity(&self) -> Option<Rarity>;

    /// Says it to players, a sentence each.
    fn says(&self) -> Vec<PointLine>;
}

sentences! {
    pub(crate) const SHARED_SENTENCES;
    EXACT = "The exact score gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
}

impl Rarity {
    /// # Rule K9: of so many bets, those with the right tendency get the more the fewer they are: the bets without it divided by those with
    /// # it, times a tenth of `most`, plus `least`, rounded; at most `most`.
    fn points(self, crowd: Crowd) -> u64 {
        let (least, most) = (u64::from(self.least), u64::from(self.most));
        let (right, bets) = (u64::from(crowd.right), u64::from(crowd.bets));
        let wrong = bets.saturating_sub(right);
        let more = (most * wrong + 5 * right).checked_div(10 * right);
        more.map_or(most, |more| least.saturating_add(more).min(most))
    }
}

/// A sentence on points, and the numbers in it.
pub type PointLine = (Template, Vec<(&'static str, u16)>);

/// Says of each line what it gives.
fn each(lines: impl IntoIterator<Item = (Template, u16)>) -> Vec<PointLine> {
    let worth = |(line, points)| (line, vec![("points", points)]);
    lines.into_iter().map(worth).collect()
}

macro_rules! schemes {
    ($(#[$doc:meta])* pub enum Scoring {
        $($(#[$of:meta])* $name:ident($scheme:ident, $module:ident) = $byte:literal,)*
    }) => {
        $(pub use $module::$scheme;)*

        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize,
        )]
        #[serde(tag = "kind", rename_all = "snake_case")]
        #[borsh(use_discriminant = true)]
        #[repr(u8)]
        pub enum Scoring {
            $($(#[$of])* $name($scheme) = $byte,)*
        }

        impl<'de> Deserialize<'de> for Scoring {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                #[derive(Deserialize)]
                #[serde(rename_all = "snake_case")]
                enum Kind {
                    $($name($scheme),)*
                }
                Ok(match tagged("kind", from)? {
                    $(Kind::$name(scheme) => Self::$name(scheme),)*
                })
            }
        }

        /// Every sentence that says a scheme.
        pub const SCORING_SENTENCES: &[&[Template]] =
            &[SHARED_SENTENCES, $($module::SENTENCES,)*];

        impl Scoring {
            /// The number of kinds, which have the bytes from 0 on.
            pub(crate) const KINDS: u8 = {
                let mut kinds = 0;
                $(
                    assert!(kinds == $byte, "the bytes are in order");
                    kinds += 1;
                )*
                kinds
            };

            fn scheme(&self) -> &dyn SchemeKind {
                match self {
                    $(Self::$name(scheme) => scheme,)*
                }
            }
        }
    };
}

schemes! {
    /// A scheme of points.
    pub enum Scoring {
        /// The best tier alone counts.
        Best(Tiers, best) = 0,
        /// The parts add up.
        Sum(Additive, sum) = 1,
        /// It depends on who wins.
        Lines(ByWinner, lines) = 2,
        /// The fewer have the right tendency, the more it gives.
        Quota(Quota, quota) = 3,
        /// A score that is close gives more.
        Close(Close, close) = 4,
    }
}

impl Scoring {
    /// The largest number, with the most that a right tendency gives besides, and the least and the most of that.
    pub(crate) fn bounds(&self) -> (u64, Option<Rarity>) {
        let rarity = self.scheme().rarity();
        let rare = rarity.map_or(0, |rarity| rarity.most);
        let largest = u64::from(self.scheme().largest());
        (largest.saturating_add(rare.into()), rarity)
    }

    /// The most points of a bet before the stage's multiplier.
    #[must_use]
    pub fn most(&self) -> u64 {
        let rare = self.scheme().rarity().map_or(0, |rarity| rarity.most);
        u64::from(self.scheme().most()).saturating_add(rare.into())
    }

    /// The points of a bet before the stage's multiplier, and the tier that it reached.
    #[must_use]
    pub fn score(&self, bet: Score, result: Score, crowd: Crowd) -> (Points, Tier) {
        let (scheme, right) = (self.scheme(), Right::of(bet, result));
        let rare = if right.tendency { self.rare(crowd) } else { 0 };
        let points = u64::from(scheme.points(right)).saturating_add(rare);
        (Points(points), tier(scheme, right))
    }

    /// Whether the points of a bet depend on the others.
    #[must_use]
    pub fn looks_at_others(&self) -> bool {
        self.scheme().rarity().is_some()
    }

    /// The points of a right tendency by how few have it.
    pub(crate) fn rare(&self, crowd: Crowd) -> u64 {
        let rarity = self.scheme().rarity();
        rarity.map_or(0, |rarity| rarity.points(crowd))
    }

    /// Says it to players, a sentence each.
    #[must_use]
    pub fn says(&self) -> Vec<PointLine> {
        self.scheme().says()
    }
}

/// # Rule L1: a bet counts as one of these; a difference only where the scheme pays it more than a tendency.
fn tier(scheme: &dyn SchemeKind, right: Right) -> Tier {
    match right {
        Right { exact: true, .. } => Tier::Exact,
        Right {
            tendency: true,
            difference: true,
            ..
        } if scheme.pays_difference(right) => Tier::Difference,
        Right { tendency: true, .. } => Tier::Tendency,
        Right { home, away, .. } if home || away => Tier::OneTeam,
        _ => Tier::None,
    }
}
