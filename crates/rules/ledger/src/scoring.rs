//! Points: what a bet gives for a score, by a scheme whose numbers are data.
//!
//! A kind of scheme is a file with all that it says, and a line of the list below.

mod best;
mod presets;
mod sum;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize};

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
    /// Whether the first team has won.
    pub(crate) home_wins: bool,
}

impl Right {
    fn of(bet: Score, result: Score) -> Self {
        let goal_difference = |score: Score| i16::from(score.home()) - i16::from(score.away());
        let (predicted, played) = (goal_difference(bet), goal_difference(result));
        Self {
            exact: bet == result,
            tendency: predicted.signum() == played.signum(),
            difference: predicted == played,
            draw: played == 0,
            home: bet.home() == result.home(),
            away: bet.away() == result.away(),
            home_wins: played > 0,
        }
    }
}

/// A kind of scheme. None of its answers has a default: a kind that forgets one does not compile.
pub(crate) trait SchemeKind {
    /// The largest number of it.
    fn largest(&self) -> u16;

    /// The points of a bet before the stage's multiplier.
    fn points(&self, right: Right) -> u16;

    /// Whether it pays the right difference more than a tendency, for a bet with both right.
    fn pays_difference(&self, right: Right) -> bool;

    /// Says it to players, a sentence each.
    fn says(&self) -> Vec<PointLine>;
}

sentences! {
    pub(crate) const SHARED_SENTENCES;
    EXACT = "The exact score gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
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
    }
}

impl Scoring {
    /// The largest number.
    pub(crate) fn largest(&self) -> u16 {
        self.scheme().largest()
    }

    /// The points of a bet before the stage's multiplier, and the tier that it reached.
    #[must_use]
    pub fn score(&self, bet: Score, result: Score) -> (Points, Tier) {
        let (scheme, right) = (self.scheme(), Right::of(bet, result));
        (Points(scheme.points(right).into()), tier(scheme, right))
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
