//! Schemes that give more for a score that is close to the right one.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::{EXACT, PointLine, Rarity, Right, SchemeKind, each};
use crate::template::sentences;

/// Points by how close a score comes with the tendency right.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// Both numbers right.
    pub exact: u16,
    /// The right tendency, and a score that is close.
    pub close: u16,
    /// The right tendency, and no such score.
    pub result: u16,
}

sentences! {
    pub(crate) const SENTENCES;
    CLOSE = "The right winner or a draw, with a score that is close, gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    RESULT = "The right winner or a draw, with any other score, gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    NEAR = "A score is close if it is one goal off for one team and right for the other, or has one goal too many for both, or one too few for both.";
}

impl SchemeKind for Close {
    fn largest(&self) -> u16 {
        self.exact.max(self.close).max(self.result)
    }

    fn most(&self) -> u16 {
        self.largest()
    }

    /// # Rule K10: `exact`; else with the tendency right `close`, where twice the error of the difference and the error of the number of
    /// # goals are at most 3, or `result`.
    fn points(&self, right: Right) -> u16 {
        let (home, away) = right.off;
        let error = 2 * home.abs_diff(away) + (home + away).unsigned_abs();
        match right {
            Right { exact: true, .. } => self.exact,
            Right {
                tendency: false, ..
            } => 0,
            _ if error <= 3 => self.close,
            _ => self.result,
        }
    }

    fn pays_difference(&self, _: Right) -> bool {
        false
    }

    fn rarity(&self) -> Option<Rarity> {
        None
    }

    fn says(&self) -> Vec<PointLine> {
        let mut said = each([
            (EXACT, self.exact),
            (CLOSE, self.close),
            (RESULT, self.result),
        ]);
        said.push((NEAR, Vec::new()));
        said
    }
}
