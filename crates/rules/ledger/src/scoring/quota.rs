//! Schemes that give a right tendency the more points the fewer have it.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::{ByWinner, PointLine, Rarity, Right, SchemeKind};
use crate::template::sentences;

/// Points by how few have a right tendency, and on top of them points by who wins.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// The least that a right tendency gives.
    pub least: u16,
    /// The most.
    pub most: u16,
    /// The points on top.
    pub lines: ByWinner,
}

sentences! {
    pub(crate) const SENTENCES;
    RARE = "The right winner or a draw gives {least} to {most, plural, one {# point} other {# points}}: the fewer have it, the more it gives. Divide the wrong tips by the right ones, multiply by a tenth of {most}, and add {least}. Only then round, a half up; it is never more than {most}. A tip that nobody can read counts as wrong.";
    CHANGES = "As more tips are revealed, these points can still change until the result is final.";
    LINES = "These points are added, only the best of them:";
}

impl SchemeKind for Quota {
    fn largest(&self) -> u16 {
        self.lines.largest()
    }

    fn most(&self) -> u16 {
        self.largest()
    }

    fn points(&self, right: Right) -> u16 {
        self.lines.points(right)
    }

    fn pays_difference(&self, right: Right) -> bool {
        self.lines.pays_difference(right)
    }

    fn rarity(&self) -> Option<Rarity> {
        let Self { least, most, .. } = *self;
        Some(Rarity { least, most })
    }

    fn says(&self) -> Vec<PointLine> {
        let rare = vec![("least", self.least), ("most", self.most)];
        let mut said = vec![(RARE, rare), (CHANGES, Vec::new()), (LINES, Vec::new())];
        said.extend(self.lines.says());
        said
    }
}
