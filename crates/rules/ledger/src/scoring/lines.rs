//! Schemes whose points depend on who wins.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::{PointLine, Rarity, Right, SchemeKind};
use crate::template::sentences;

/// Points where one of the teams wins.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct WinLine {
    /// Both numbers right.
    pub exact: u16,
    /// The right winner with the right difference.
    pub difference: u16,
    /// The right winner.
    pub tendency: u16,
}

/// Points where nobody wins.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct DrawLine {
    /// Both numbers right.
    pub exact: u16,
    /// Another draw.
    pub tendency: u16,
}

/// Points by who wins.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct ByWinner {
    /// The points where the team named first wins.
    pub home: WinLine,
    /// The points where nobody wins.
    pub draw: DrawLine,
    /// The points where the team named second wins.
    pub away: WinLine,
}

sentences! {
    pub(crate) const SENTENCES;
    HOME = "If the team named first wins: {exact, plural, =0 {nothing} one {# point} other {# points}} for the exact score, {difference} for the right goal difference, {tendency} for the right winner.";
    DRAW = "If it is a draw: {exact, plural, =0 {nothing} one {# point} other {# points}} for the exact score, {tendency} for any other draw.";
    AWAY = "If the team named second wins: {exact, plural, =0 {nothing} one {# point} other {# points}} for the exact score, {difference} for the right goal difference, {tendency} for the right winner.";
}

impl ByWinner {
    /// The line of who has won; of a draw one that pays no difference.
    fn of(&self, right: Right) -> WinLine {
        let DrawLine { exact, tendency } = self.draw;
        match right {
            Right { draw: true, .. } => WinLine {
                exact,
                difference: tendency,
                tendency,
            },
            Right {
                home_wins: true, ..
            } => self.home,
            _ => self.away,
        }
    }
}

impl SchemeKind for ByWinner {
    fn largest(&self) -> u16 {
        let win = |line: WinLine| line.exact.max(line.difference).max(line.tendency);
        let draw = self.draw.exact.max(self.draw.tendency);
        draw.max(win(self.home)).max(win(self.away))
    }

    fn most(&self) -> u16 {
        self.largest()
    }

    /// # Rule K8: the line of who has won counts: `exact`, else `difference`, else `tendency`.
    fn points(&self, right: Right) -> u16 {
        let line = self.of(right);
        match right {
            Right { exact: true, .. } => line.exact,
            Right {
                tendency: false, ..
            } => 0,
            Right {
                difference: true, ..
            } => line.difference,
            _ => line.tendency,
        }
    }

    fn pays_difference(&self, right: Right) -> bool {
        let line = self.of(right);
        line.difference > line.tendency
    }

    fn rarity(&self) -> Option<Rarity> {
        None
    }

    fn says(&self) -> Vec<PointLine> {
        let win = |line: WinLine| {
            vec![
                ("exact", line.exact),
                ("difference", line.difference),
                ("tendency", line.tendency),
            ]
        };
        let draw = vec![("exact", self.draw.exact), ("tendency", self.draw.tendency)];
        vec![(HOME, win(self.home)), (DRAW, draw), (AWAY, win(self.away))]
    }
}
