//! Schemes whose parts add up.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::{EXACT, PointLine, Rarity, Right, SchemeKind, each};
use crate::template::sentences;

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

sentences! {
    pub(crate) const SENTENCES;
    TENDENCY = "The right winner or a draw, where the score is not exact, gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    EACH_TEAM = "Each team's right number of goals gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    WON_DIFFERENCE = "The right goal difference of a match that somebody wins gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    SUM = "All of these that a bet fits are added up.";
}

impl SchemeKind for Additive {
    fn largest(&self) -> u16 {
        let Self {
            exact,
            tendency,
            each_team,
            difference,
        } = *self;
        exact.max(tendency).max(each_team).max(difference)
    }

    fn most(&self) -> u16 {
        let teams = self.each_team.saturating_mul(2);
        let exact = self.exact.saturating_add(teams);
        let near = self.tendency.saturating_add(self.difference);
        exact
            .max(near)
            .max(self.tendency.saturating_add(self.each_team))
    }

    /// # Rule K2: the lines of a `sum` scheme that fit a bet add up.
    fn points(&self, right: Right) -> u16 {
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

    fn pays_difference(&self, right: Right) -> bool {
        self.difference > 0 && !right.draw
    }

    fn rarity(&self) -> Option<Rarity> {
        None
    }

    fn says(&self) -> Vec<PointLine> {
        let mut said = each([
            (EXACT, self.exact),
            (TENDENCY, self.tendency),
            (EACH_TEAM, self.each_team),
            (WON_DIFFERENCE, self.difference),
        ]);
        said.push((SUM, Vec::new()));
        said
    }
}
