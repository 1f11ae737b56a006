//! Schemes in which the best tier alone counts.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::{EXACT, PointLine, Rarity, Right, SchemeKind, each};
use crate::template::sentences;

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

sentences! {
    pub(crate) const SENTENCES;
    DIFFERENCE = "The right winner with the right goal difference gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    DRAW = "A draw where another draw is played gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    WINNER_GOALS = "The right winner with the right number of goals of the winner gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    LOSER_GOALS = "The right winner with the right number of goals of the loser gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    WINNER = "Only the right winner gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    ONE_TEAM = "One team's right number of goals, with neither the winner nor a draw right, gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    BEST = "Of the lines that a bet fits, the one with the most points counts, but an exact score always counts as one.";
}

impl SchemeKind for Tiers {
    fn largest(&self) -> u16 {
        let Self {
            exact,
            difference,
            draw,
            winner_goals,
            loser_goals,
            tendency,
            one_team,
        } = *self;
        [
            exact,
            difference,
            draw,
            winner_goals,
            loser_goals,
            tendency,
            one_team,
        ]
        .into_iter()
        .fold(0, u16::max)
    }

    fn most(&self) -> u16 {
        self.largest()
    }

    /// # Rule K1: of the lines of a `best` scheme that fit a bet, the largest counts.
    fn points(&self, right: Right) -> u16 {
        if !right.tendency {
            return if right.home || right.away {
                self.one_team
            } else {
                0
            };
        }
        if right.draw {
            return if right.exact { self.exact } else { self.draw };
        }
        let (winner, loser) = if right.home_wins {
            (right.home, right.away)
        } else {
            (right.away, right.home)
        };
        [
            (right.exact, self.exact),
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

    fn pays_difference(&self, right: Right) -> bool {
        self.difference > self.tendency && (!right.draw || self.draw >= self.difference)
    }

    fn rarity(&self) -> Option<Rarity> {
        None
    }

    fn says(&self) -> Vec<PointLine> {
        let mut lines = vec![
            (EXACT, self.exact),
            (DIFFERENCE, self.difference),
            (DRAW, self.draw),
        ];
        if self.winner_goals > self.tendency {
            lines.push((WINNER_GOALS, self.winner_goals));
        }
        if self.loser_goals > self.tendency {
            lines.push((LOSER_GOALS, self.loser_goals));
        }
        lines.push((WINNER, self.tendency));
        lines.push((ONE_TEAM, self.one_team));
        let mut said = each(lines);
        said.push((BEST, Vec::new()));
        said
    }
}
