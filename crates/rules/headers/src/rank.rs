//! Which of two branches is the better one.

use std::cmp::Reverse;

use bolao_ledger::{BlockHash, Target, Work};

/// The rank of a branch, by its highest block: the greater, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    work: Work,
    hash: Reverse<Target>,
}

impl Rank {
    /// Of a branch with so much work that ends with this block.
    #[must_use]
    pub const fn new(work: Work, tip: BlockHash) -> Self {
        // # Rule B11: the most work, and of branches with the same work the lowest hash of the highest block.
        Self {
            work,
            hash: Reverse(Target::from_le_bytes(tip.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use serde_json::Value;

    use super::*;

    #[test]
    fn vectors() {
        let file: Value = serde_json::from_str(include_str!("../vectors/branches.json")).unwrap();
        let hash = |branch: &Value, key: &str| -> BlockHash {
            branch[key].as_str().unwrap().parse().unwrap()
        };
        let branches = file["branches"].as_array().unwrap().iter();
        let ranks: Vec<Rank> = branches
            .map(|it| Rank::new(Work::from_le_bytes(hash(it, "work").0), hash(it, "hash")))
            .collect();
        assert!(ranks.len() > 5 && ranks.is_sorted_by(|better, other| better > other));
    }
}
