//! Points: one function from a bet and a score, with the scheme as data.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{json::tagged, score::Score, units::Points};

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

/// Points of a scheme in which the best tier alone counts. A bet that several lines fit gets the largest.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// Both numbers right.
    pub exact: u16,
    /// The right winner with the right difference.
    pub difference: u16,
    /// A draw predicted, another draw played.
    pub draw: u16,
    /// The right winner, and the winner's goals right.
    pub winner_goals: u16,
    /// The right winner, and the loser's goals right.
    pub loser_goals: u16,
    /// The right winner.
    pub tendency: u16,
    /// The goals of one team right, the tendency wrong.
    pub one_team: u16,
}

/// Points of a scheme that adds up.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Additive {
    /// Both numbers right; instead of `tendency`.
    pub exact: u16,
    /// The right winner, or a right draw.
    pub tendency: u16,
    /// For each team whose goals are right, whatever the tendency.
    pub each_team: u16,
    /// On top of `tendency`, for the right difference with a winner.
    pub difference: u16,
}

/// A scheme of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Scoring {
    /// The best tier alone counts.
    Best(Tiers),
    /// The parts add up.
    Sum(Additive),
}

impl<'de> Deserialize<'de> for Scoring {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Kind {
            Best(Tiers),
            Sum(Additive),
        }
        Ok(match tagged("kind", from)? {
            Kind::Best(tiers) => Self::Best(tiers),
            Kind::Sum(parts) => Self::Sum(parts),
        })
    }
}

/// The presets by name, with their exact meaning in `docs/PROTOCOL.md`.
pub const PRESETS: &[(&str, Scoring)] = &[
    ("kicktipp", best(4, 3, 2, 2, 0)),
    ("c321", best(3, 2, 1, 1, 0)),
    ("wm543", best(5, 4, 4, 3, 0)),
    ("s52", best(5, 2, 2, 2, 0)),
    (
        "br10",
        Scoring::Best(Tiers {
            exact: 10,
            difference: 7,
            draw: 5,
            winner_goals: 7,
            loser_goals: 7,
            tendency: 5,
            one_team: 2,
        }),
    ),
    (
        "add",
        Scoring::Sum(Additive {
            exact: 5,
            tendency: 2,
            each_team: 1,
            difference: 1,
        }),
    ),
];

const fn best(exact: u16, difference: u16, draw: u16, tendency: u16, one_team: u16) -> Scoring {
    Scoring::Best(Tiers {
        exact,
        difference,
        draw,
        winner_goals: tendency,
        loser_goals: tendency,
        tendency,
        one_team,
    })
}

/// Second names of presets, and whose they are.
pub const PRESET_ALIASES: &[(&str, &str)] = &[("kt432", "kicktipp")];

/// A preset by name.
#[must_use]
pub fn preset(name: &str) -> Option<Scoring> {
    let alias = PRESET_ALIASES.iter().find(|(alias, _)| *alias == name);
    let name = alias.map_or(name, |(_, meant)| *meant);
    PRESETS
        .iter()
        .find(|(preset, _)| *preset == name)
        .map(|(_, scoring)| *scoring)
}

/// The parts of a bet that are right.
#[derive(Clone, Copy)]
struct Right {
    exact: bool,
    tendency: bool,
    difference: bool,
    draw: bool,
    home: bool,
    away: bool,
    home_wins: bool,
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

impl Scoring {
    /// The largest number of the scheme.
    pub(crate) fn largest(&self) -> u16 {
        let points = match *self {
            Self::Best(t) => vec![
                t.exact,
                t.difference,
                t.draw,
                t.winner_goals,
                t.loser_goals,
                t.tendency,
                t.one_team,
            ],
            Self::Sum(a) => vec![a.exact, a.tendency, a.each_team, a.difference],
        };
        points.into_iter().max().unwrap_or(0)
    }

    /// The points of a bet before the stage's multiplier, and the tier that it reached.
    #[must_use]
    pub fn score(&self, bet: Score, result: Score) -> (Points, Tier) {
        let right = Right::of(bet, result);
        let points = match self {
            Self::Best(tiers) => tiers.points(right),
            Self::Sum(parts) => parts.points(right),
        };
        (Points(points.into()), self.tier(right))
    }

    /// # Rule L1: a bet counts as one of these; a difference only where the scheme pays it more than a tendency.
    fn tier(&self, right: Right) -> Tier {
        let (pays_difference, draw_as_difference) = match self {
            Self::Best(tiers) => (
                tiers.difference > tiers.tendency,
                tiers.draw >= tiers.difference,
            ),
            Self::Sum(parts) => (parts.difference > 0, false),
        };
        match right {
            Right { exact: true, .. } => Tier::Exact,
            Right {
                tendency: true,
                difference: true,
                draw,
                ..
            } if pays_difference && (!draw || draw_as_difference) => Tier::Difference,
            Right { tendency: true, .. } => Tier::Tendency,
            Right { home, away, .. } if home || away => Tier::OneTeam,
            _ => Tier::None,
        }
    }
}

impl Tiers {
    /// # Rule K1: of the lines of a `best` scheme that fit a bet, the largest counts.
    fn points(&self, right: Right) -> u16 {
        if right.exact {
            return self.exact;
        }
        if !right.tendency {
            return if right.home || right.away {
                self.one_team
            } else {
                0
            };
        }
        if right.draw {
            return self.draw;
        }
        let (winner, loser) = if right.home_wins {
            (right.home, right.away)
        } else {
            (right.away, right.home)
        };
        [
            (true, self.tendency),
            (right.difference, self.difference),
            (winner, self.winner_goals),
            (loser, self.loser_goals),
        ]
        .into_iter()
        .filter_map(|(fits, points)| fits.then_some(points))
        .max()
        .unwrap_or(0)
    }
}

impl Additive {
    /// # Rule K2: the lines of a `sum` scheme that fit a bet add up.
    fn points(self, right: Right) -> u16 {
        let base = match right {
            Right { exact: true, .. } => self.exact,
            Right { tendency: true, .. } => self.tendency,
            _ => 0,
        };
        let teams = u16::from(right.home) + u16::from(right.away);
        let near = right.difference && !right.draw && !right.exact;
        let difference = if near { self.difference } else { 0 };
        base.saturating_add(self.each_team.saturating_mul(teams))
            .saturating_add(difference)
    }
}
